import { printable, printableLines } from '@hotline/core/internal'
import { consoleLogger, type Logger } from './logger.ts'
import { retellError } from './retell-error.ts'

/**
 * The same logger, and nothing that a stranger chose (an origin, a header, a close reason, a word in an error) can begin
 * a line of its own in it or give orders to the terminal that shows it. What it throws, or rejects with where it is async,
 * ends nothing: the console is told instead.
 */
export function printableLogger(logger: Logger): Logger {
  const at = (level: keyof Logger) => (fields: object, message: string) => {
    const shown = printable(message)
    const told = printableFields(fields)
    const failed = (thrown: unknown) =>
      consoleLogger.error({ ...told, thrown }, `the logger threw where it was told: ${shown}`)
    try {
      const answer: unknown = logger[level](told, shown)
      if (answer instanceof Promise) answer.catch(failed)
    } catch (thrown) {
      failed(thrown)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function printableFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, printableValue(value)]))
}

/** Other values are shown by whoever shows them, who quotes the texts in them. Anything can be thrown, with traps too. */
function printableValue(value: unknown): unknown {
  if (typeof value === 'string') return printable(value)
  try {
    return value instanceof Error && !isPrintable(value) ? retellError(value, printableLines) : value
  } catch {
    return retellError(value, printableLines)
  }
}

function isPrintable({ name, message, stack = '', cause }: Error): boolean {
  const areTexts = [name, message, stack].every((text) => typeof text === 'string' && printableLines(text) === text)
  return areTexts && (!(cause instanceof Error) || (cause.cause === undefined && isPrintable(cause)))
}
