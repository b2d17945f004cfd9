import type { Duplex } from 'node:stream'

/** The answers to an upgrade that doesn't happen. */
const REASONS = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found' } as const satisfies Record<number, string>

export interface UpgradeRefusal {
  readonly status: keyof typeof REASONS
  /** The body: what was wrong and the remedy. */
  readonly message: string
}

/** Answers with plain HTTP and gives the socket up, whether or not the other end closes its half. */
export function refuseUpgrade(socket: Duplex, { status, message }: UpgradeRefusal): void {
  const body = `${message}\n`
  socket.on('error', () => {})
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
