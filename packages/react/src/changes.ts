import type { HotlineError } from '@hotline/client'
import type { Mutation, MutationCacheNotifyEvent, Query, QueryClient } from '@tanstack/query-core'
import type { LiveQuery } from './live-query.ts'
import type { Optimistic, OptimisticCache } from './optimistic-cache.ts'
import type { Layer } from './shown-value.ts'

/** A mutation function of ours. What is shown before it is answered stands on it. */
export interface ChangeFunction {
  readonly optimistic?: Optimistic<never, never> | undefined
}

/** What is shown of a mutation, and of which queries. */
type Change = (readonly [live: LiveQuery, layer: Layer])[]

/** Shows what the mutations of a client will change, until they are answered and the queries have it. Gives the undo. */
export function followChanges(client: QueryClient, track: (query: Query) => LiveQuery): () => void {
  /** Of the mutations that aren't answered. */
  const changes = new Map<Mutation, Change>()
  const leave = client.getMutationCache().subscribe(hear)
  return () => {
    leave()
    for (const mutation of changes.keys()) undo(mutation)
  }

  function hear(event: MutationCacheNotifyEvent): void {
    const { type, mutation } = event
    if (type === 'removed') undo(mutation)
    if (type !== 'updated') return
    const { action } = event
    if (action.type === 'pending') begin(mutation)
    if (action.type === 'error')
      for (const [live] of undo(mutation))
        (action.error as Partial<HotlineError> | null)?.mayHaveRun === false || live.read()
    if (action.type === 'success') for (const [live, layer] of take(mutation)) live.answer(layer, action.data)
  }

  function begin(mutation: Mutation): void {
    const { options, state } = mutation
    // A function of somebody else's doesn't have it.
    const optimistic = (options.mutationFn as ChangeFunction | undefined)?.optimistic
    // What waits for others of its scope is told of again when its turn comes.
    if (!optimistic || changes.has(mutation)) return
    const change: Change = []
    changes.set(mutation, change)
    const cache: OptimisticCache<unknown> = {
      update(target, apply, options) {
        const filters = 'queryKey' in target ? target : { queryKey: target, exact: true }
        for (const query of client.getQueryCache().findAll(filters)) {
          // The types of keys, values and answers were checked where the options were written.
          const layer = { ...options, apply } as Layer
          const live = track(query)
          change.push([live, layer])
          live.shown.add(layer)
        }
      },
    }
    optimistic(cache as OptimisticCache<never>, state.variables as never)
  }

  /** Takes back what is shown of a mutation, and gives that. */
  function undo(mutation: Mutation): Change {
    const change = take(mutation)
    for (const [live, layer] of change) live.drop(layer)
    return change
  }

  /** What is shown of a mutation, which from now on is no longer waited for. */
  function take(mutation: Mutation): Change {
    const change = changes.get(mutation) ?? []
    changes.delete(mutation)
    return change
  }
}
