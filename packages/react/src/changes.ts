import { isHotlineError } from '@hotline/client'
import type { Mutation, MutationCacheNotifyEvent, Query, QueryClient } from '@tanstack/query-core'
import type { LiveQuery } from './live-query.ts'
import type { Optimistic, OptimisticCache } from './optimistic-cache.ts'
import type { Layer } from './shown-value.ts'

/** A mutation function of ours. What is shown before it is answered stands on it. */
export interface MakeChange {
  readonly path?: string
  readonly optimistic?: Optimistic<never, never> | undefined
}

/** A mutation that isn't answered, and what is shown of it in which queries. */
interface Change {
  readonly path: string | undefined
  readonly variables: unknown
  readonly parts: (readonly [live: LiveQuery, layer: Layer])[]
}

/** How long a change that was answered waits for the item that brings it, before its queries are read anew. */
const CONFIRM_MS = 1_000

/** Shows what the mutations of a cache will change, until they are answered and the queries have it. */
export function followChanges(client: QueryClient, track: (query: Query) => LiveQuery) {
  const changes = new Map<Mutation, Change>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const leave = client.getMutationCache().subscribe(hear)

  return {
    /** A procedure has answered a mutation with these very variables. */
    answer(path: string, variables: unknown, result: unknown): void {
      for (const [mutation, change] of changes) {
        if (change.path !== path || change.variables !== variables) continue
        changes.delete(mutation)
        for (const [live, layer] of change.parts) {
          live.shown.answer(layer, result)
          if (layer.isIn) wait(() => live.confirm(layer))
          else live.confirm(layer)
        }
        return
      }
    },

    close(): void {
      leave()
      for (const mutation of changes.keys()) undo(mutation)
      timers.forEach(clearTimeout)
    },
  }

  function hear(event: MutationCacheNotifyEvent): void {
    const { mutation, type } = event
    if (mutation === undefined) return
    if (type === 'removed') undo(mutation)
    if (type !== 'updated') return
    const { action } = event
    if (action.type === 'pending') begin(mutation)
    if (action.type !== 'error') return
    const mayHaveRun = isHotlineError(action.error) && action.error.mayHaveRun
    for (const [live] of undo(mutation)) if (mayHaveRun) live.read()
  }

  function begin(mutation: Mutation): void {
    const { options, state } = mutation
    // A function of somebody else's has none of these fields.
    const { path, optimistic }: MakeChange = (options.mutationFn as MakeChange | undefined) ?? {}
    // What waits for others of its scope is told of again when its turn comes.
    if (optimistic === undefined || changes.has(mutation)) return
    const { variables } = state
    const parts: Change['parts'] = []
    changes.set(mutation, { path, variables, parts })
    const cache: OptimisticCache<unknown> = {
      update(target, apply, { isIn } = {}) {
        const filters = 'queryKey' in target ? target : { queryKey: target, exact: true }
        for (const query of client.getQueryCache().findAll(filters)) {
          // The types of keys, values and answers were checked where the options were written.
          const layer = { apply, isIn } as Layer
          const live = track(query)
          parts.push([live, layer])
          live.shown.add(layer)
        }
      },
    }
    optimistic(cache as OptimisticCache<never>, variables as never)
  }

  /** Takes back what is shown of a mutation, and gives that. */
  function undo(mutation: Mutation): Change['parts'] {
    const parts = changes.get(mutation)?.parts ?? []
    changes.delete(mutation)
    for (const [live, layer] of parts) live.shown.drop(layer)
    return parts
  }

  function wait(act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, CONFIRM_MS)
    timers.add(timer)
  }
}
