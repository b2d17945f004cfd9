import type { Session } from './session.ts'
import type { StreamStats } from './stream-stats.ts'

/** What one end of a session keeps, counted when it is asked for. */
export interface SessionStats {
  /** Calls that this end has made and that aren't over. */
  readonly made: number
  /** Calls of the other end that run here. */
  readonly running: number
  /** Characters and bytes that wait to be written. */
  readonly waiting: number
  /** Characters and bytes that were written, and kept until the other end acknowledges them. */
  readonly unacknowledged: number
  /** A call that streams both ways is there twice. */
  readonly streams: readonly StreamStats[]
}

export function sessionStats({ peer, delivery }: Session): SessionStats {
  const { caller, responder } = peer
  const waiting = delivery.outbox.characters
  return {
    made: caller.size,
    running: responder.size,
    waiting,
    unacknowledged: delivery.heldCharacters - waiting,
    streams: [...caller.streams(), ...responder.calls.streamStats()],
  }
}
