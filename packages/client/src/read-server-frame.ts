import { type Frame, messageOf, PROTOCOL_LIMITS, ProtocolError, readFrame, SERVER_JSON } from '@hotline/core/internal'

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

/** Why a server is left whose frame couldn't be taken. Until one has been welcome there, it may be another one than was meant. */
export function whyLeft(error: unknown, wasWelcome: boolean): string {
  const reason = messageOf(error)
  if (wasWelcome || !(error instanceof ProtocolError)) return reason
  return `No Hotline server answered: is the path of "url" right? ${reason}`
}
