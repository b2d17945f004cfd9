import type {
  MutationCacheNotifyEvent,
  Query,
  QueryCache,
  QueryCacheNotifyEvent,
  QueryClient,
  QueryKey,
} from '@tanstack/query-core'
import { Changes, type MakeChange } from './changes.ts'
import { LiveQuery, specOf } from './live-query.ts'

/** Follows one cache: opens and closes the streams of its live queries, and shows its mutations' changes. */
export class LiveCache {
  readonly changes: Changes
  /** Those who have attached it. */
  readonly attachments = new Set<object>()
  readonly #cache: QueryCache
  readonly #lingerMs: number
  /** By the very array that is the query's key, which it hands to its query function. */
  readonly #queries = new Map<QueryKey, LiveQuery>()
  readonly #undo: readonly (() => void)[]

  constructor(client: QueryClient, lingerMs: number) {
    this.#cache = client.getQueryCache()
    this.#lingerMs = lingerMs
    this.changes = new Changes(this.#cache, (query) => this.#track(query))
    this.#undo = [
      this.#cache.subscribe((event) => this.#hear(event)),
      client.getMutationCache().subscribe((event) => this.#hearOfMutation(event)),
    ]
    // Those that were there before.
    for (const query of this.#cache.getAll()) this.#sync(query)
  }

  /** What the query with this key shows, if it is live or shows changes. */
  find(key: QueryKey): LiveQuery | undefined {
    return this.#queries.get(key)
  }

  /** Ends every stream, and takes back the changes that weren't answered. */
  close(): void {
    for (const undo of this.#undo) undo()
    this.changes.close()
    for (const live of this.#queries.values()) live.close()
    this.#queries.clear()
  }

  #hear(event: QueryCacheNotifyEvent): void {
    const { query, type } = event
    const live = this.#queries.get(query.queryKey)
    if (type === 'removed') {
      live?.close()
      this.#queries.delete(query.queryKey)
      return
    }
    // A query that was removed may still be observed for a moment.
    if (live?.shown.isWriting === true || this.#cache.get(query.queryHash) !== query) return
    if (type === 'updated') live?.hear(event.action)
    this.#sync(query)
  }

  #hearOfMutation(event: MutationCacheNotifyEvent): void {
    const { mutation } = event
    if (mutation === undefined) return
    if (event.type === 'removed') this.changes.undo(mutation)
    if (event.type !== 'updated') return
    const { options, state } = mutation
    // A function of somebody else's has none of these fields.
    const change: MakeChange = (options.mutationFn as MakeChange | undefined) ?? {}
    if (event.action.type === 'pending') this.changes.begin(mutation, change, state.variables)
    if (event.action.type === 'error') this.changes.fail(mutation, event.action.error)
  }

  #sync(query: Query): void {
    if (this.#queries.has(query.queryKey) || specOf(query) !== undefined) this.#track(query).sync()
  }

  #track(query: Query): LiveQuery {
    let live = this.#queries.get(query.queryKey)
    if (live === undefined) {
      live = new LiveQuery(query, this.#lingerMs)
      this.#queries.set(query.queryKey, live)
    }
    return live
  }
}
