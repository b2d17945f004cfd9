import type { CallOptions, Followed, Stream } from '@hotline/core'
import type { DataTag, InfiniteData, QueryFilters, QueryKey, SkipToken } from '@tanstack/query-core'
import type { TaggedFilters } from './optimistic-cache.ts'
import type {
  CallError,
  InfiniteOptions,
  InfiniteSettings,
  LiveSettings,
  LiveValuesSettings,
  MutationOptions,
  MutationSettings,
  QueryOptions,
  QuerySettings,
  SkippableQueryOptions,
  StreamedSettings,
  SubscriptionOptions,
  SubscriptionSettings,
  WithInitialData,
} from './query-types.ts'

/** A client or a caller, each procedure replaced by what makes options of it. What takes items has only its path. */
export type QueryOptionsOf<Api> = PathMethods & {
  readonly [Name in keyof Api]: Api[Name] extends (input: infer In, options?: CallOptions) => infer Reply
    ? Api[Name] extends Followed<unknown>
      ? LiveMethods<In, Awaited<Reply>, CallError<Api[Name]>> & CallMethods<In, Awaited<Reply>, CallError<Api[Name]>>
      : MethodsOf<In, Awaited<Reply>, CallError<Api[Name]>>
    : Api[Name] extends (...args: never) => unknown
      ? PathMethods
      : QueryOptionsOf<Api[Name]>
}

/** A handler that always throws gives `never`, which would be a stream, too. */
type MethodsOf<In, Out, Err> = [Out] extends [never]
  ? CallMethods<In, Out, Err>
  : [Out] extends [Stream<infer Item, infer _>]
    ? StreamMethods<In, Item, Err>
    : CallMethods<In, Out, Err>

/** For all that is below a path. */
export interface PathMethods {
  /** What the keys of everything below begin with. */
  pathKey(): QueryKey
  /** Finds everything below: `queryClient.invalidateQueries(hot.tasks.pathFilter())`. */
  pathFilter(filters?: Omit<QueryFilters, 'queryKey'>): QueryFilters & { readonly queryKey: QueryKey }
}

/** The input may be left out exactly where its schema accepts `undefined`. */
type Args<In, Settings> = undefined extends In ? [input?: In, settings?: Settings] : [input: In, settings?: Settings]

/** A part of an input finds every input that has it. */
type PartOf<In> = In extends object ? { readonly [Name in keyof In]?: In[Name] } : In

/** For a query or a mutation: the client doesn't know which it is, the one who writes does. */
export interface CallMethods<In, Out, Err> extends PathMethods {
  /** For `useQuery`, `useSuspenseQuery`, `prefetchQuery` and their like. */
  queryOptions<Data = Out>(
    input: In,
    settings: QuerySettings<Out, Err, Data> & WithInitialData<Out>,
  ): QueryOptions<Out, Err, Data> & WithInitialData<Out>
  queryOptions<Data = Out>(...args: Args<In, QuerySettings<Out, Err, Data>>): QueryOptions<Out, Err, Data>
  queryOptions<Data = Out>(
    input: In | SkipToken,
    settings?: QuerySettings<Out, Err, Data>,
  ): SkippableQueryOptions<Out, Err, Data>

  /** For `useInfiniteQuery`: `input` makes a page's input of its parameter. */
  infiniteOptions<Page, Data = InfiniteData<Out, Page>>(
    settings: InfiniteSettings<In, Out, Err, Data, Page>,
  ): InfiniteOptions<Out, Err, Data, Page>

  /** The same query, whose value follows a stream while somebody observes it. Needs `attachLive(queryClient)`. */
  liveOptions<Item, Data = Out>(
    input: In,
    settings: LiveSettings<Out, Item> & QuerySettings<Out, Err, Data> & WithInitialData<Out>,
  ): QueryOptions<Out, Err, Data> & WithInitialData<Out>
  liveOptions<Item, Data = Out>(
    input: In,
    settings: LiveSettings<Out, Item> & QuerySettings<Out, Err, Data>,
  ): QueryOptions<Out, Err, Data>
  liveOptions<Item, Data = Out>(
    input: In | SkipToken,
    settings: LiveSettings<Out, Item> & QuerySettings<Out, Err, Data>,
  ): SkippableQueryOptions<Out, Err, Data>

  /** For `useMutation`. */
  mutationOptions<OnMutate = unknown>(
    settings?: MutationSettings<In, Out, Err, OnMutate>,
  ): MutationOptions<In, Out, Err, OnMutate>

  /** The key of one input, or without one what the keys of all inputs begin with. */
  queryKey(input?: In): DataTag<QueryKey, Out, Err>
  /** Finds this input, every input that has this part, or all. */
  queryFilter(input?: PartOf<In>, filters?: Omit<QueryFilters, 'queryKey'>): TaggedFilters<Out>
  infiniteKey(input?: In): DataTag<QueryKey, InfiniteData<Out>, Err>
  mutationKey(): QueryKey
}

/** For a live query, beside what a query has. */
export interface LiveMethods<In, Out, Err> {
  /** The same query, kept as its server keeps it: `liveOptions(input, { values: liveValues })`. */
  liveOptions<Data = Out>(
    input: In,
    settings: LiveValuesSettings<Out> & QuerySettings<Out, Err, Data> & WithInitialData<Out>,
  ): QueryOptions<Out, Err, Data> & WithInitialData<Out>
  liveOptions<Data = Out>(
    input: In,
    settings: LiveValuesSettings<Out> & QuerySettings<Out, Err, Data>,
  ): QueryOptions<Out, Err, Data>
  liveOptions<Data = Out>(
    input: In | SkipToken,
    settings: LiveValuesSettings<Out> & QuerySettings<Out, Err, Data>,
  ): SkippableQueryOptions<Out, Err, Data>
}

/** For a subscription. */
export interface StreamMethods<In, Item, Err> extends PathMethods {
  /** For `useSubscription`, and for the `stream` of `liveOptions`. */
  subscriptionOptions(...args: Args<In | SkipToken, SubscriptionSettings<Item>>): SubscriptionOptions<Item, Err>

  /** A query whose value is the last item: for a stream that gives the whole value each time. */
  liveOptions<Data = Item>(
    input: In,
    settings: QuerySettings<Item, Err, Data> & WithInitialData<Item>,
  ): QueryOptions<Item, Err, Data> & WithInitialData<Item>
  liveOptions<Data = Item>(...args: Args<In, QuerySettings<Item, Err, Data>>): QueryOptions<Item, Err, Data>
  liveOptions<Data = Item>(
    input: In | SkipToken,
    settings?: QuerySettings<Item, Err, Data>,
  ): SkippableQueryOptions<Item, Err, Data>

  /** A query whose value is the list of items so far, or the last `max` of them. */
  streamedOptions<Data = readonly Item[]>(
    input: In,
    settings: QuerySettings<readonly Item[], Err, Data> & StreamedSettings & WithInitialData<readonly Item[]>,
  ): QueryOptions<readonly Item[], Err, Data> & WithInitialData<readonly Item[]>
  streamedOptions<Data = readonly Item[]>(
    ...args: Args<In, QuerySettings<readonly Item[], Err, Data> & StreamedSettings>
  ): QueryOptions<readonly Item[], Err, Data>
  streamedOptions<Data = readonly Item[]>(
    input: In | SkipToken,
    settings?: QuerySettings<readonly Item[], Err, Data> & StreamedSettings,
  ): SkippableQueryOptions<readonly Item[], Err, Data>
}
