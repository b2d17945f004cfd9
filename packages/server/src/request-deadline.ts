import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { PROTOCOL_LIMITS } from '@hotline/core/internal'
import type { Gate } from './gate/gate.ts'
import { GATE_REFUSALS, type GateRefusalName } from './gate/gate-refusals.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

/**
 * Gives each connection of an HTTP server one time in which its request has to be there, from its beginning on, and bounds
 * how many wait. Node's own time begins with the first byte, so whoever is silent before it has twice as long; and Node
 * ends those that are late all at once. Where too many wait, the one that has waited longest goes: an honest request is
 * there within a moment, so those who say nothing keep nobody out.
 */
export function boundRequests(http: HttpServer, gate: Gate, timeoutMs: number): void {
  const waiting = new Map<Duplex, () => void>()
  const heard = (socket: Duplex) => waiting.get(socket)?.()
  const refuse = (socket: Duplex, name: GateRefusalName, stranger: string | undefined) => {
    gate.count(name, stranger)
    const { status, says } = GATE_REFUSALS[name]
    refuseUpgrade(socket, { status, message: says })
  }
  http.on('connection', (socket: Socket) => {
    const stranger = gate.strangerOn(socket)
    if (!gate.mayWait(stranger)) return refuse(socket, 'unauthenticatedPerAddress', stranger)
    const late = () => refuseUpgrade(socket, { status: 408, message: 'The request took too long to arrive.' })
    const timer = setTimeout(late, Math.min(timeoutMs, PROTOCOL_LIMITS.durationMs))
    const left = gate.waits(stranger)
    const done = () => {
      clearTimeout(timer)
      left()
      socket.off('close', done)
      waiting.delete(socket)
    }
    socket.on('close', done)
    waiting.set(socket, done)
    const [oldest] = waiting.keys()
    if (oldest === undefined || !gate.isCrowded) return
    heard(oldest)
    refuse(oldest, 'unauthenticated', undefined)
  })
  http.on('upgrade', (_request, socket) => heard(socket))
  http.on('request', ({ socket }) => heard(socket))
}
