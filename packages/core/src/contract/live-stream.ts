import { snapshot } from '../patch/snapshot.ts'
import { Announcements } from './announcements.ts'
import type { Definition } from './definition.ts'
import type { Invocation } from './invocation.ts'
import { iterablesOf } from './live-source.ts'
import { type LiveUpdate, updateOf } from './live-update.ts'
import { type Tracked, tracked } from './tracked.ts'
import { acceptOutput, check } from './validate.ts'

/** A live query as its builder was told of it, without types. */
export interface LiveParts {
  readonly on: (call: unknown) => unknown
  readonly query: Definition['handler']
  /** The schema of the whole value. */
  readonly output: Definition['output']
}

/**
 * Whatever id a client comes back with, the stream begins with the whole value. With one, it can be moved to another
 * process, and whoever opens it anew is told that nothing is missing.
 */
const ANY_POINT = '0'

/**
 * Handles the subscription of a live query: listens first, then asks the query, and again after each change, as far as
 * the reader takes it. So a reader who is slow gets the newest state, and never a queue of older ones. What goes wrong
 * up to the first value refuses the call; later it ends the stream.
 */
export async function openLive(call: Invocation, parts: LiveParts): Promise<AsyncIterable<unknown>> {
  const { signal } = call
  const sources = await parts.on(call)
  const changes = new Announcements(iterablesOf(sources))
  const leave = () => changes.leave()
  signal.addEventListener('abort', leave)
  try {
    signal.throwIfAborted()
    const first = await read(call, parts)
    signal.throwIfAborted()
    return updates(call, parts, { changes, first })
  } catch (thrown) {
    leave()
    throw thrown
  }
}

async function* updates(
  call: Invocation,
  parts: LiveParts,
  { changes, first }: { readonly changes: Announcements; readonly first: unknown },
): AsyncGenerator<Tracked<LiveUpdate<unknown>>, void> {
  let value = first
  try {
    yield tracked(ANY_POINT, { value })
    while (await changes.next()) {
      const before = value
      value = await read(call, parts)
      const update = updateOf(before, value)
      if (update !== undefined) yield tracked(ANY_POINT, update)
    }
  } finally {
    changes.leave()
  }
}

/** Asks the query. The copy is what is sent and compared: a query may give state that goes on changing. */
async function read(call: Invocation, { query, output }: LiveParts): Promise<unknown> {
  const returned = await query(call)
  if (output === undefined) return snapshot(returned)
  return snapshot(acceptOutput(await check(output, returned), `What the query of "${call.path}" returned`))
}
