import type { Logger } from '@hotline/server'

export interface LogLine {
  readonly level: keyof Logger
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** Keeps every line. Shaped like pino: fields first, and methods that need their `this`. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = []
  #told: (() => void) | undefined

  debug(fields: object, message: string): void {
    this.#keep('debug', fields, message)
  }

  info(fields: object, message: string): void {
    this.#keep('info', fields, message)
  }

  warn(fields: object, message: string): void {
    this.#keep('warn', fields, message)
  }

  error(fields: object, message: string): void {
    this.#keep('error', fields, message)
  }

  at(level: keyof Logger): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level)
  }

  /** Resolves with the next line. */
  next(): Promise<LogLine> {
    return new Promise((resolve) => {
      this.#told = () => {
        const line = this.lines.at(-1)
        if (line !== undefined) resolve(line)
      }
    })
  }

  #keep(level: keyof Logger, fields: object, message: string): void {
    this.lines.push({ level, fields: { ...fields }, message })
    this.#told?.()
  }
}
