import { attached, needLiveCache } from './live-registry.ts'
import type { LiveSpec, ReadQuery } from './live-spec.ts'

/** Reads the value of a query, or of one page of it, until the signal aborts. */
export type Read = (signal: AbortSignal, page: unknown) => Promise<unknown>

/** The query function that reads a value, which the items of a stream change where it is `live`. */
export function readQuery(read: Read, live?: LiveSpec): ReadQuery {
  const queryFn: ReadQuery = async ({ client, queryKey, signal, pageParam }) => {
    const whole = await (live ? needLiveCache(client) : attached.get(client))?.begin(queryKey, signal)
    signal.throwIfAborted()
    const value = whole === undefined ? await read(signal, pageParam) : whole
    if (value === undefined && live?.isWhole) throw new Error('The stream gave no item.')
    return value
  }
  return Object.assign(queryFn, { live })
}

/** The query function of a query whose value is what the items of its stream come to. */
export function readItems(open: LiveSpec['open'], reduce: NonNullable<LiveSpec['reduce']>, empty?: unknown): ReadQuery {
  /** On a server that renders: what the first item comes to. Nobody stays to hear the others. */
  const firstValue: Read = async (signal) => {
    for await (const item of await open(signal)) return reduce(undefined, item)
    return empty
  }
  return readQuery(firstValue, { open, reduce, isWhole: true, empty })
}
