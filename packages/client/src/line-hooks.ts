import type { GoAway } from '@hotline/core/internal'

/** What a line tells the connection that holds it. */
export interface LineHooks {
  /** Its state is another, or its session is. */
  changed(): void
  /** Its server has acknowledged something, or its session is lost and all its calls wait for another one. */
  settled(): void
  /** Its server will end it. */
  goAway(fields: GoAway): void
  /** Its server has named the API. */
  greeted(contract: string): void
  /** What the API was called first. */
  contract(): string | undefined
}
