export type { InvalidatedPath, Invalidation } from '@hotline/core'
export { attachInvalidations, type InvalidationsOptions } from './attach-invalidations.ts'
export { attachLive } from './attach-live.ts'
export { createQueryOptions } from './create-query-options.ts'
export { createHydration, type Hydration } from './hydration.ts'
export type { Optimistic, OptimisticCache, TaggedFilters, UpdateOptions } from './optimistic-cache.ts'
export type { FactoryOptions } from './procedure.ts'
export type { CallMethods, LiveMethods, PathMethods, QueryOptionsOf, StreamMethods } from './query-options-of.ts'
export type {
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
  Variables,
  WithCall,
  WithInitialData,
} from './query-types.ts'
