import type { RawFrame } from './wire-frame.ts'

export type Side = 'client' | 'server'

/** A connection as those who watch it know it. */
export interface Watched {
  readonly name: string
  /** Who opened it. */
  readonly client: string
  /** The process that took it; `undefined` before. */
  readonly process: number | undefined
}

/** Sees everything that a network carries; it changes nothing. */
export interface Watcher {
  /** `side` begins to connect. */
  opens(link: Watched): void
  sent(link: Watched, side: Side, frame: RawFrame): void
  got(link: Watched, side: Side, frame: RawFrame): void
  /** `side` begins the closing handshake. */
  closes(link: Watched, side: Side, code: number, reason: string): void
  /** `side` gives up a connection that nothing was wrong with. */
  givesUp(link: Watched, side: Side): void
  /** The process at `side` has let go of it, or is gone. */
  left(link: Watched, side: Side): void
  /** An open link begins to end, whatever the cause: what is under way may never arrive. */
  ends(link: Watched): void
}
