import type { Outflow } from './outflow.ts'

/** Where what a stream's source gives goes. */
export interface Sending {
  readonly flow: Outflow
  /** Sends one item into the flow's lane; a promise only where something has to be waited for. What it throws stops the source. */
  send(given: unknown): void | Promise<void>
  /** Whether the line has no room though the lane has. */
  readonly mustWait: boolean
}

/** Sends what a source gives, pulled or pushed. */
export interface StreamRunner {
  /** Settles once, when the source has ended and cleaned up: with what it returned, or anything where it was stopped. */
  run(): Promise<unknown>
  /** Ends the source early. Doing it twice is fine. */
  stop(): void
}
