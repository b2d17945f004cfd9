/**
 * A value that changes, as frameworks follow one: React's `useSyncExternalStore(store.subscribe, store.get)`, Vue's
 * `shallowRef`, Svelte's `createSubscriber`, Solid's `from`. Both functions may be called alone.
 */
export interface Store<Value> {
  /** The value as it is now: another object after each change, and the same one until then. */
  readonly get: () => Value
  /** Calls `listener` after each change; gives the undo. */
  readonly subscribe: (listener: () => void) => () => void
}
