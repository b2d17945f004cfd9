/** A connection before anybody has vouched for it, as whoever counts strangers follows it. */
export interface Visitor {
  /** Who counts as one with it, for limits per address; `undefined` where those are off. */
  readonly stranger: string | undefined
  /** It has been authenticated, and let in. */
  letIn(): void
  /** Its resume was refused: it may begin again with a hello. */
  declined(): void
}

/** One that nobody counts: in memory there are no strangers. */
export const UNCOUNTED: Visitor = { stranger: undefined, letIn: () => {}, declined: () => {} }

/**
 * Whom a failed resume is counted for: the principal, where there is one, so that an office behind one address doesn't
 * pay for a server that began anew and knows none of its sessions; else the stranger.
 */
export function claimantOf(principal: string | undefined, { stranger }: Visitor): string | undefined {
  return principal === undefined ? stranger : `principal ${principal}`
}
