/**
 * An iterator that has this method may push into a pipe instead of being read; it may be of another copy of this package.
 * A string and no symbol: bundlers can't leave out a class whose members' names are worked out as it is made.
 */
export const PIPED = '@hotline/piped'

/** Takes what a source pushes, at its own pace. Nothing in it throws. */
export interface Pipe<Entry> {
  /** Whether an entry may go now. */
  readonly hasRoom: boolean
  /** Takes one. Only where it has room. */
  send(entry: Entry): void
  /** Something waits, and is drained as soon as there is room. */
  wait(): void
  /** All has been sent, and nothing more comes. */
  ended(failure: { readonly error: unknown } | undefined): void
}

/** An iterator that pushes what it has into a pipe, from when on it isn't read any more. It is still left by `return`. */
export interface Piped<Entry> {
  [PIPED](pipe: Pipe<Entry>): void
  /** Entries that wait. */
  readonly waiting: number
  /** There may be room again. */
  drain(): void
  return(): Promise<unknown>
}

export function isPiped(iterator: object): iterator is Piped<unknown> {
  return PIPED in iterator
}
