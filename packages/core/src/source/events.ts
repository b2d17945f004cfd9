/** What happens from now on, as a subscription reads it. Following begins where an iterator is made, anew for each one. */
export interface Events<Item> extends AsyncIterable<Item, void, undefined> {
  /** Begins to follow at once: what happens from here on waits for the reader, even before it asks. */
  [Symbol.asyncIterator](): EventIterator<Item>
}

/** One reader of events. Leaving it ends the following; doing so twice is fine. */
export interface EventIterator<Item> extends AsyncIterableIterator<Item, void, undefined>, AsyncDisposable {
  return(): Promise<IteratorResult<Item, void>>
  [Symbol.asyncIterator](): EventIterator<Item>
}
