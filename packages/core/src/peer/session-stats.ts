import type { CallTable } from './call-table.ts'
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
  /** Characters of frames that came and wait, since too much is kept for the other end. */
  readonly waitingFrames: number
  /** Bytes of the message that is coming in pieces. */
  readonly pieces: number
  /** Characters of the messages that opened the calls which run here. */
  readonly inputs: number
  /** A call that streams both ways is there twice. */
  readonly streams: readonly StreamStats[]
  /** How long the other end last took to answer a greeting or a ping, in milliseconds; `undefined` before the first answer. */
  readonly rttMs: number | undefined
}

export function sessionStats({ peer, delivery, intake, rttMs }: Session): SessionStats {
  const { caller, responder } = peer
  const waiting = delivery.outbox.characters
  return {
    made: caller.calls.size,
    running: responder.size,
    waiting,
    unacknowledged: delivery.heldCharacters - waiting,
    waitingFrames: intake.characters,
    pieces: intake.pieces,
    inputs: responder.calls.inputs,
    streams: [...streamsOf(caller.calls), ...responder.calls.streamStats()],
    rttMs,
  }
}

/** The streams of both directions on the calls of this end. */
function* streamsOf(calls: CallTable): IterableIterator<StreamStats> {
  for (const { path, stream, upload } of calls.values()) {
    if (stream !== undefined) yield { path, direction: 'in', size: stream.flow.unread }
    if (upload !== undefined) yield { path, direction: 'out', size: upload.waiting }
  }
}
