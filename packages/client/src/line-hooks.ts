import type { GoAway } from '@hotline/core/internal'

/** What a line tells the connection that holds it, with itself: two may be open at a time. */
export interface LineHooks<Line> {
  /** Its state is another, or its session is. */
  changed(line: Line): void
  /** Its server has acknowledged something, or its session is lost and all its calls wait for another one. */
  settled(line: Line): void
  /** Its server will end it. */
  goAway(line: Line, fields: GoAway): void
  /** Its server has named the API. */
  greeted(contract: string): void
  /** What the API was called first. */
  readonly contract: string | undefined
}
