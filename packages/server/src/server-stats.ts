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
  /** Frames that came and wait, of clients that take too little of what is kept for them. */
  readonly waitingFrames: number
  /** Messages that are coming in pieces. */
  readonly pieces: number
  /** The messages that opened the calls which run here: their handlers have them as inputs. */
  readonly inputs: number
  /** All that is held for clients and from them, with what sessions and their entries take by themselves. */
  readonly held: number
  /** What of that belongs to sessions whose client is away. */
  readonly away: number
  /** Idempotency keys that the store knows; `undefined` where it can't tell. */
  readonly keys: number | undefined
  /** Connections that were closed with `FLOOD` since the server began. */
  readonly floods: number
}

/** What is counted for the server as a whole. */
export type WholeStats = GateStats & Pick<ServerStats, 'connections' | 'held' | 'away' | 'keys' | 'floods'>

/** Adds up what the sessions keep, to what is counted as a whole. */
export function serverStats(
  sessions: Iterable<Pick<ServerSession, 'session' | 'isDetached'>>,
  whole: WholeStats,
): ServerStats {
  const sum = { sessions: 0, detachedSessions: 0, running: 0, made: 0, streams: 0, waiting: 0 }
  const sizes = { unacknowledged: 0, unread: 0, largestStream: 0, waitingFrames: 0, pieces: 0, inputs: 0 }
  for (const { session, isDetached } of sessions) {
    const stats: SessionStats = sessionStats(session)
    const { running, made, waiting, unacknowledged, streams } = stats
    sum.sessions++
    if (isDetached) sum.detachedSessions++
    sum.running += running
    sum.made += made
    sum.streams += streams.length
    sum.waiting += waiting
    sizes.unacknowledged += unacknowledged
    sizes.waitingFrames += stats.waitingFrames
    sizes.pieces += stats.pieces
    sizes.inputs += stats.inputs
    for (const { direction, size } of streams) {
      if (direction === 'in') sizes.unread += size
      sizes.largestStream = Math.max(sizes.largestStream, size)
    }
  }
  return { ...whole, ...sum, ...sizes }
}
