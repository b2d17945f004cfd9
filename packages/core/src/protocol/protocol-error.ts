import type { SharedCloseName } from './close-code.ts'

/** Thrown for what breaks the protocol: it ends the connection with the named close code, and nothing else. */
export class ProtocolError extends Error {
  readonly close: SharedCloseName

  constructor(close: SharedCloseName, message: string) {
    super(message)
    this.close = close
  }
}
