import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answer to an upgrade that doesn't happen. */
export interface UpgradeRefusal {
  readonly status: number
  /** The body: what was wrong and the remedy. */
  readonly message: string
  /** When it makes sense to come back; `undefined` where that isn't known. */
  readonly retryAfterMs?: number | undefined
}

/** Answers with plain HTTP and gives the socket up, whether or not the other end closes its half. */
export function refuseUpgrade(socket: Duplex, { status, message, retryAfterMs }: UpgradeRefusal): void {
  const body = `${message}\n`
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  if (retryAfterMs !== undefined && Number.isFinite(retryAfterMs)) {
    headers.push(`Retry-After: ${Math.ceil(retryAfterMs / 1000)}`)
  }
  socket.on('error', () => {})
  socket.once('finish', () => socket.destroy())
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}
