import type { DataTag, QueryFilters, QueryKey } from '@tanstack/query-core'

/** How a change finds out that the server's value has it. */
export interface UpdateOptions<Data, Out> {
  /**
   * Whether the server's value has the change, by the answer to it: an id that is in a list, say. A live query then
   * drops the change with the item that brings it. Without this, and at the latest after a second, the value is read anew.
   */
  readonly isIn?: (data: Data, result: Out) => boolean
}

/** The cache as a change that isn't made yet may see it. */
export interface OptimisticCache<Out> {
  /**
   * Shows `apply` over the value of the query with this key, or of every cached query that the filters find. It is made
   * anew on each value that comes from the server until that has the change, so it may find its own work done: it should
   * then change nothing.
   */
  update<Data>(
    target: DataTag<QueryKey, Data, unknown> | TaggedFilters<Data>,
    apply: (data: Data) => Data,
    options?: UpdateOptions<NoInfer<Data>, Out>,
  ): void
}

/** Filters whose key tells the type of what they find, as `queryFilter()` gives them. */
export interface TaggedFilters<Data> extends QueryFilters {
  readonly queryKey: DataTag<QueryKey, Data, unknown>
}

/** What a mutation shows before it is answered. */
export type Optimistic<In, Out> = (cache: OptimisticCache<Out>, input: In) => void
