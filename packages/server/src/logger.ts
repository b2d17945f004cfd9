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
  warn: (fields, message) => console.warn(`hotline: ${message}`, fields),
  error: (fields, message) => console.error(`hotline: ${message}`, fields),
}
