import type { GoAway } from '@hotline/core/internal'

/** What a line tells the connection that holds it. */
export interface LineHooks {
  /** Its state is another, or its session is. */
  changed(): void
  /** Its server has acknowledged something. */
  progressed(): void
  /** Its session is lost: all its calls wait for another one. */
  lostSession(): void
  /** Its server will end it. */
  goAway(fields: GoAway): void
  /** Its server has named the API. */
  greeted(contract: string): void
  /** What the API was called first. */
  contract(): string | undefined
}
