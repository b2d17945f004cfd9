import type { CloseName } from './close-code.ts'

/** Thrown for what breaks the protocol: it ends the connection with the named close code, and nothing else. */
export class ProtocolError extends Error {
  readonly close: CloseName

  constructor(close: CloseName, message: string) {
    super(message)
    this.close = close
  }
}
