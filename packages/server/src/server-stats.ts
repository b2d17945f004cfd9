import { type SessionStats, sessionStats } from '@hotline/core/internal'
import type { GateStats } from './gate/gate-stats.ts'
import type { ServerSession } from './server-session.ts'

/** What a server keeps, counted when it is asked for. Sizes are characters of JSON and bytes. */
export interface ServerStats extends GateStats {
  /** Sockets that are open or opening. */
  readonly connections: number
  readonly sessions: number
  /** Sessions whose client is away, and may come back. */
  readonly detachedSessions: number
  /** Calls of clients that run here. */
  readonly running: number
  /** Calls of clients' procedures that this server has made and that aren't over. */
  readonly made: number
  readonly streams: number
  /** What waits to be written, for all clients. */
  readonly waiting: number
  /** What was written and isn't acknowledged, for all clients. */
  readonly unacknowledged: number
  /** Items that came and that no handler has read, of all uploads. */
  readonly unread: number
  /** The most that is at this end of any one stream. */
  readonly largestStream: number
}

/** Adds up what the sessions keep, to what is known of strangers. */
export function serverStats(
  connections: number,
  sessions: Iterable<Pick<ServerSession, 'session' | 'isDetached'>>,
  gate: GateStats,
): ServerStats {
  const sum = { sessions: 0, detachedSessions: 0, running: 0, made: 0, streams: 0, waiting: 0 }
  const sizes = { unacknowledged: 0, unread: 0, largestStream: 0 }
  for (const { session, isDetached } of sessions) {
    const { running, made, waiting, unacknowledged, streams }: SessionStats = sessionStats(session)
    sum.sessions++
    if (isDetached) sum.detachedSessions++
    sum.running += running
    sum.made += made
    sum.streams += streams.length
    sum.waiting += waiting
    sizes.unacknowledged += unacknowledged
    for (const { direction, size } of streams) {
      if (direction === 'in') sizes.unread += size
      sizes.largestStream = Math.max(sizes.largestStream, size)
    }
  }
  return { connections, ...gate, ...sum, ...sizes }
}
