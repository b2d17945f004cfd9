import { retellError } from './retell-error.ts'

/** Where the server says what it did: pino fits, and so does `console`. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Warnings and errors go to the console, as one line with the fields behind it. */
export const consoleLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => print('warn', fields, message),
  error: (fields, message) => print('error', fields, message),
}

/** Node's console runs code of what it shows (`util.inspect.custom`, getters): where that throws, it gets the texts alone. */
function print(level: 'warn' | 'error', fields: object, message: string): void {
  const line = `hotline: ${message}`
  try {
    console[level](line, fields)
  } catch {
    const texts = Object.entries(fields).map(([name, value]) => [name, retellError(value, (text) => text)])
    console[level](line, Object.fromEntries(texts))
  }
}
