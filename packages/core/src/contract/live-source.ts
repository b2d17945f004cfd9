/** What announces changes to a live query, one or several. */
export type LiveSources = LiveSource | readonly LiveSource[]

/** Whatever is read item by item, or subscribed to as a topic is. What it gives is not looked at: each item is a change. */
export type LiveSource = AsyncIterable<unknown> | Subscribable

/** As much of a topic as is needed to hear that something was published. */
export interface Subscribable {
  subscribe(options: { readonly whenFull: 'latest' }): AsyncIterable<unknown>
}

/** The sources as they are listened to. @throws TypeError for what is none. */
export function iterablesOf(given: unknown): readonly AsyncIterable<unknown>[] {
  const sources: readonly unknown[] = Array.isArray(given) ? given : [given]
  return sources.map(iterableOf)
}

function iterableOf(source: unknown): AsyncIterable<unknown> {
  if (isAsyncIterable(source)) return source
  if (isSubscribable(source)) return source.subscribe({ whenFull: 'latest' })
  throw new TypeError(
    `"on" of a live query gave ${source === null ? 'null' : `a value of type ${typeof source}`}: give a topic, an async iterable, or an array of these.`,
  )
}

function isAsyncIterable(source: unknown): source is AsyncIterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source
}

function isSubscribable(source: unknown): source is Subscribable {
  return (
    typeof source === 'object' && source !== null && 'subscribe' in source && typeof source.subscribe === 'function'
  )
}
