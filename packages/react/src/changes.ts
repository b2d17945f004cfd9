import { isHotlineError } from '@hotline/client'
import type { Query, QueryCache } from '@tanstack/query-core'
import type { Layer } from './layer.ts'
import type { LiveQuery } from './live-query.ts'
import type { Optimistic, OptimisticCache } from './optimistic-cache.ts'

/** A mutation function of ours. What is shown before it is answered stands on it. */
export interface MakeChange {
  readonly path?: string
  readonly optimistic?: Optimistic<never, never> | undefined
}

/** One query's part of a change. */
interface Part {
  readonly live: LiveQuery
  readonly layer: Layer
}

/** A mutation that isn't answered, and what is shown of it. */
interface Change {
  readonly path: string | undefined
  readonly variables: unknown
  readonly parts: readonly Part[]
}

/** How long a change that was answered waits for the item that brings it, before its queries are read anew. */
const CONFIRM_MS = 1_000

/** The changes of a cache's mutations that aren't answered. */
export class Changes {
  readonly #queries: QueryCache
  readonly #track: (query: Query) => LiveQuery
  readonly #changes = new Map<object, Change>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(queries: QueryCache, track: (query: Query) => LiveQuery) {
    this.#queries = queries
    this.#track = track
  }

  /** A mutation begins: shows what it says it will change. */
  begin(mutation: object, { path, optimistic }: MakeChange, variables: unknown): void {
    // What waits for others of its scope is told of again when its turn comes.
    if (optimistic === undefined || this.#changes.has(mutation)) return
    const parts: Part[] = []
    this.#changes.set(mutation, { path, variables, parts })
    const cache: OptimisticCache<unknown> = {
      update: (target, apply, { isIn } = {}) => {
        const filters = 'queryKey' in target ? target : { queryKey: target, exact: true }
        for (const query of this.#queries.findAll(filters)) {
          // The types of keys, values and answers were checked where the options were written.
          const layer = { apply, isIn, answer: undefined } as Layer
          const live = this.#track(query)
          parts.push({ live, layer })
          live.shown.add(layer)
        }
      },
    }
    optimistic(cache as OptimisticCache<never>, variables as never)
  }

  /** A procedure has answered a mutation with these very variables. */
  answer(path: string, variables: unknown, result: unknown): void {
    for (const [mutation, change] of this.#changes) {
      if (change.path !== path || change.variables !== variables) continue
      this.#changes.delete(mutation)
      for (const part of change.parts) this.#answered(part, result)
      return
    }
  }

  /** A mutation has failed: what was shown of it goes. */
  fail(mutation: object, error: unknown): void {
    const parts = this.undo(mutation)
    if (isHotlineError(error) && error.mayHaveRun) for (const { live } of parts) live.read()
  }

  /** Takes back what is shown of a mutation, and gives that. */
  undo(mutation: object): readonly Part[] {
    const parts = this.#changes.get(mutation)?.parts ?? []
    this.#changes.delete(mutation)
    for (const { live, layer } of parts) live.shown.drop(layer)
    return parts
  }

  close(): void {
    for (const mutation of this.#changes.keys()) this.undo(mutation)
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #answered({ live, layer }: Part, result: unknown): void {
    live.shown.answered(layer, result)
    if (layer.isIn === undefined) return live.confirm(layer)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      live.confirm(layer)
    }, CONFIRM_MS)
    this.#timers.add(timer)
  }
}
