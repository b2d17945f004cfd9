import type { Outbox } from '../session/outbox.ts'

/** What calls need of the session and the driver below them. */
export interface Outlet {
  readonly outbox: Outbox
  /** Whether a socket carries what is sent. */
  readonly isAttached: boolean
  /** Whether so much is held for a peer that is away that a further result has to be dropped, by name. */
  readonly isFull: boolean
  /** The time of the event being handled, in milliseconds. */
  now(): number
  /** Something was put into the outbox. */
  flushSoon(): void
  /** Something has to happen at `at`, or earlier. */
  wakeAt(at: number): void
}
