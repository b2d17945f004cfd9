import { type Frame, PROTOCOL_LIMITS, ProtocolError, readFrame, SERVER_JSON } from '@hotline/core/internal'

/**
 * What a server sent. `ws` refuses a message that is too large by its header; a browser has no such limit and hands it
 * over whole, so that all that can be done is to read none of it and to leave.
 * @throws ProtocolError for what is no frame.
 */
export function readServerFrame(received: string | Uint8Array): Frame {
  if (received.length > PROTOCOL_LIMITS.frameBytes) {
    const size = `${received.length} ${typeof received === 'string' ? 'characters' : 'bytes'}`
    throw new ProtocolError('BAD_FRAME', `A frame has ${size}: expected at most ${PROTOCOL_LIMITS.frameBytes} bytes.`)
  }
  return readFrame(received, SERVER_JSON)
}
