import type { CallOptions, DeclaredErrorsOf, ErrorUnion, LiveUpdate, StandardErrors, Stream } from '@hotline/core'
import type {
  DataTag,
  InfiniteData,
  InfiniteQueryObserverOptions,
  MutationObserverOptions,
  QueryFunction,
  QueryKey,
  QueryObserverOptions,
  SkipToken,
} from '@tanstack/query-core'
import type { Optimistic } from './optimistic-cache.ts'

/** What a call may reject with: Hotline's own errors, and those that its procedure declares. */
export type CallError<F> = ErrorUnion<StandardErrors> | ErrorUnion<DeclaredErrorsOf<F>>

/** What is sent along with a call. Its signal is the query's. */
export interface WithCall {
  readonly call?: Omit<CallOptions, 'signal'> | undefined
}

/** What the options make themselves. */
type Made = 'queryKey' | 'queryFn' | 'queryHash' | 'queryKeyHashFn'

/** TanStack's own options of a query, beside what is called. */
export type QuerySettings<Out, Err, Data> = Omit<QueryObserverOptions<Out, Err, Data, Out, QueryKey>, Made> & WithCall

/** A value that is there before anything is read: then `data` is never `undefined`. */
export interface WithInitialData<Out> {
  readonly initialData: Out | (() => Out)
}

/** Options for `useQuery`, `useSuspenseQuery`, `prefetchQuery` and all that takes TanStack's query options. */
export interface QueryOptions<Out, Err, Data> extends QueryObserverOptions<Out, Err, Data, Out, QueryKey> {
  queryKey: DataTag<QueryKey, Out, Err>
  queryFn: QueryFunction<Out, QueryKey>
}

/** The same where the input may be `skipToken`: no hook takes it that promises data. */
export interface SkippableQueryOptions<Out, Err, Data> extends QueryObserverOptions<Out, Err, Data, Out, QueryKey> {
  queryKey: DataTag<QueryKey, Out, Err>
  queryFn: QueryFunction<Out, QueryKey> | SkipToken
}

/** TanStack's own options of an infinite query, and what one page asks for. */
export type InfiniteSettings<In, Out, Err, Data, Page> = Omit<
  InfiniteQueryObserverOptions<Out, Err, Data, QueryKey, Page>,
  Made
> &
  WithCall & {
    /** The input for a page; the key is that of the first one. */
    readonly input: (page: Page) => In
  }

/** Options for `useInfiniteQuery` and its like. */
export interface InfiniteOptions<Out, Err, Data, Page>
  extends InfiniteQueryObserverOptions<Out, Err, Data, QueryKey, Page> {
  queryKey: DataTag<QueryKey, InfiniteData<Out, Page>, Err>
  queryFn: QueryFunction<Out, QueryKey, Page>
}

/** How the value of a query follows a stream. */
export interface LiveSettings<Out, Item> {
  /** The stream, with its input: `hot.tasks.changes.subscriptionOptions(input)`. */
  readonly stream: SubscriptionOptions<Item, unknown>
  /**
   * What an item makes of the value. A snapshot may have it already: made again, it should change nothing. Left out, an
   * item says only that the snapshot has changed, and it is read anew.
   */
  readonly reduce?: ((data: Out, item: Item) => Out) | undefined
}

/** How a live query's updates become values. */
export interface LiveValuesSettings<Out> {
  /** `liveValues` of `@hotline/client`: handed over, so that a page without live queries doesn't load it. */
  readonly values: (stream: Stream<LiveUpdate<Out>>) => Stream<Out>
}

/** How much is kept of what has streamed in. */
export interface StreamedSettings {
  /** The last so many items: all, where it is left out. */
  readonly max?: number | undefined
}

/** What `useSubscription` follows. */
export interface SubscriptionOptions<Item, Err> extends SubscriptionSettings<Item> {
  readonly subscriptionKey: DataTag<QueryKey, Item, Err>
  /** `undefined` where the input is `skipToken`. */
  readonly subscribe: ((signal: AbortSignal) => Promise<Stream<Item, unknown>>) | undefined
}

export interface SubscriptionSettings<Item> extends WithCall {
  /** `false` closes the stream, and opens none. */
  readonly enabled?: boolean | undefined
  /** Told of each item: rendering may pass over some that come together. */
  readonly onItem?: ((item: Item) => void) | undefined
  /** Items may be missing before the next one; `missed` is how many, where that is known. */
  readonly onGap?: ((missed: number | undefined) => void) | undefined
}

/** What `mutate` takes: nothing where the input may be left out. */
// biome-ignore lint/suspicious/noConfusingVoidType: an argument may be left out only where its type is `void`.
export type Variables<In> = undefined extends In ? In | void : In

/** TanStack's own options of a mutation, and what it shows before it is answered. */
export type MutationSettings<In, Out, Err, OnMutate> = Omit<
  MutationObserverOptions<Out, Err, Variables<In>, OnMutate>,
  'mutationKey' | 'mutationFn'
> & {
  /** What is sent along, by the input where it needs it: an `idempotencyKey`, say. */
  readonly call?: Omit<CallOptions, 'signal'> | ((input: In) => Omit<CallOptions, 'signal'>) | undefined
  /**
   * Shows the change before it is made: over the server's value, until that has it. It rolls back by itself when the
   * mutation fails. Needs `attachLive(queryClient)`.
   */
  readonly optimistic?: Optimistic<In, Out> | undefined
}

/** Options for `useMutation`. */
export interface MutationOptions<In, Out, Err, OnMutate>
  extends MutationObserverOptions<Out, Err, Variables<In>, OnMutate> {
  mutationKey: QueryKey
  mutationFn: NonNullable<MutationObserverOptions<Out, Err, Variables<In>, OnMutate>['mutationFn']>
}
