import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { PROTOCOL_LIMITS } from '@hotline/core/internal'
import { refuseUpgrade } from './refuse-upgrade.ts'

/**
 * Gives each connection of an HTTP server one time in which its request has to be there, from its beginning on. Node's own
 * begins with the first byte, so whoever is silent before it has twice as long; and Node ends those that are late all at
 * once.
 */
export function endLateRequests(http: HttpServer, timeoutMs: number): void {
  const waiting = new WeakMap<Duplex, () => void>()
  const heard = (socket: Duplex) => waiting.get(socket)?.()
  http.on('connection', (socket: Socket) => {
    const late = () => refuseUpgrade(socket, { status: 408, message: 'The request took too long to arrive.' })
    const timer = setTimeout(late, Math.min(timeoutMs, PROTOCOL_LIMITS.durationMs))
    const done = () => {
      clearTimeout(timer)
      socket.off('close', done)
      waiting.delete(socket)
    }
    socket.on('close', done)
    waiting.set(socket, done)
  })
  http.on('upgrade', (_request, socket) => heard(socket))
  http.on('request', ({ socket }) => heard(socket))
}
