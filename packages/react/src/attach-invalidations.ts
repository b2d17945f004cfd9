import { type FollowObserver, follow, mayRetry } from '@hotline/client'
import type { InvalidatedPath, Invalidation } from '@hotline/core'
import type { Query, QueryClient, QueryFilters, QueryKey } from '@tanstack/query-core'
import { isServer } from './is-server.ts'
import { isIdle, specOf } from './live-query.ts'
import { liveSpecIn } from './live-spec.ts'
import { callOf } from './procedure.ts'
import type { KeyType } from './query-key.ts'
import type { PathMethods } from './query-options-of.ts'
import type { SubscriptionOptions } from './query-types.ts'

/** What `hot.changes.subscriptionOptions()` gives, of a subscription whose handler is that of `invalidations`. */
export type InvalidationsOptions = Pick<SubscriptionOptions<Invalidation, unknown>, 'subscribe'>

/**
 * Invalidates queries of `hot` as their server says: what somebody observes is read anew, the rest when somebody does. Where
 * something may have been missed, that is all of them. Gives the undo, which closes the stream. That is opened anew for as
 * long as this may help; what refuses it for good is thrown on, alone, as what an event listener throws is. On a server
 * that renders nothing is attached.
 */
export function attachInvalidations(
  client: QueryClient,
  hot: PathMethods,
  { subscribe }: InvalidationsOptions,
): () => void {
  if (!subscribe || isServer()) return () => {}
  const cache = client.getQueryCache()
  let mayHaveMissed = false
  /** Those that were being read when they were invalidated, perhaps from before: they are read again behind that. */
  const behind = new Set<Query>()
  const invalidate = (filters: readonly QueryFilters[] = [hot.pathFilter()]) => {
    // One pass for all: a query that is named twice isn't read twice.
    const named = new Set(filters.flatMap((filter) => cache.findAll(filter)))
    for (const query of named) if (!isIdle(query)) behind.add(query)
    readAnew(named)
  }
  // A read that is under way goes on: were it cancelled, what changes more often than it is read would never be shown.
  const readAnew = (queries: ReadonlySet<Query>) =>
    void client.invalidateQueries(
      { predicate: (query) => queries.has(query) && mayBeRead(query) },
      { cancelRefetch: false },
    )
  const leave = cache.subscribe(({ type, query }) => {
    if (type !== 'removed' && !isIdle(query)) return
    // TanStack is in the middle of telling everybody.
    if (behind.delete(query)) queueMicrotask(() => readAnew(new Set([query])))
  })
  const observer: FollowObserver<Invalidation> = {
    next: ({ paths }) => invalidate(paths?.flatMap((path) => filtersFor(hot, path))),
    accepted: () => mayHaveMissed && invalidate(),
    gap: () => invalidate(),
    error(error) {
      queueMicrotask(() => {
        throw error
      })
    },
  }
  const following = follow(subscribe, observer, (_, error) => {
    mayHaveMissed = true
    // Nobody looks at this stream, so nobody else would try again.
    return mayRetry(0, error)
  })
  return () => {
    leave()
    following.close()
  }
}

/**
 * What a stream gives isn't read: that would open another one, and from its start. Only where nobody follows the values of
 * a live query, its entry is as stale as that of the plain query which it is, too.
 */
function mayBeRead(query: Query): boolean {
  if (!liveSpecIn(query.options.queryFn)?.isWhole) return true
  // What is live has a key of ours.
  return (query.queryKey.at(-1) as { readonly type: KeyType }).type === 'query' && !specOf(query)
}

function filtersFor(hot: PathMethods, { path, input }: InvalidatedPath): QueryFilters[] {
  const methods = input === undefined ? ['pathKey'] : ['queryKey', 'infiniteKey']
  // Behind these names there are keys, and no promises of a call.
  return methods.map((method) => ({
    queryKey: callOf(hot, [...path.split('.'), method])(input) as unknown as QueryKey,
  }))
}
