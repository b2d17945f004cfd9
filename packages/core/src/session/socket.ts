import { type BinaryFrame, formatBinaryFrame } from '../protocol/binary-frame.ts'

/** An open socket as Hotline uses it: all that an adapter has to offer. */
export interface Socket {
  /** Bytes handed to `send` that the operating system hasn't taken. */
  readonly bufferedBytes: number
  /** May throw; the message then counts as not sent. */
  send(frame: string | Uint8Array): void
  /** The same, where attachments needn't be copied to be sent. They don't change any more. */
  sendBinary?(frame: BinaryFrame): void
  /** Begins the closing handshake. */
  close(code: number, reason: string): void
  /** Ends it at once: a dead peer never answers a close. */
  abort(): void
  /** Stops or resumes reading, so that the peer has to wait. */
  pauseReading(paused: boolean): void
}

/** What an adapter tells of its socket. */
export interface SocketListener {
  /** Bytes must lie in a buffer that nobody else reads from: applications get views of it, and may transfer them. */
  message(frame: string | Uint8Array): void
  /** A ping or pong of the WebSocket's own came, where the adapter hears of such: a stranger may send any number. */
  controlFrame?(): void
  /** Once, whoever closed it. 1006 where no close frame came (RFC 6455, section 7.4.1). */
  closed(code: number, reason: string): void
}

/** Sends a data frame in the way that the socket has for it. */
export function sendFrame(socket: Socket, frame: string | BinaryFrame): void {
  if (typeof frame === 'string') socket.send(frame)
  else if (socket.sendBinary === undefined) socket.send(formatBinaryFrame(frame))
  else socket.sendBinary(frame)
}
