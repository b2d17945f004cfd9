import type { Doorbell } from './doorbell.ts'

interface Numbered {
  readonly id: number
}

export interface FollowOptions<Event extends Numbered> {
  /** Reads some of the events behind number `last`, in order; none when there are none (yet). */
  readonly read: (last: number) => Promise<readonly Event[]>
  /** Rung after an event has become readable. */
  readonly doorbell: Doorbell
  readonly after: number
  /** Ends the following. */
  readonly signal: AbortSignal
}

/**
 * Every event after number `after`, those of the past and then each new one. Past and present have the same source, the
 * table; the doorbell merely says "look again". So nothing can fall between the two, and nothing can come twice.
 */
export async function* follow<Event extends Numbered>(options: FollowOptions<Event>): AsyncGenerator<Event, void> {
  const { read, doorbell, after, signal } = options
  let last = after
  while (!signal.aborted) {
    const rings = doorbell.rings
    const events = await read(last)
    for (const event of events) {
      yield event
      last = event.id
    }
    if (events.length === 0) await doorbell.rungSince(rings, signal)
  }
}
