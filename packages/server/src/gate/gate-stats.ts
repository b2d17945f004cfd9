import type { GateRefusalName } from './gate-refusals.ts'

/** What a server counts of strangers. */
export interface GateStats {
  /** Sockets that are open and that nobody has vouched for yet; of `serve` those without a request, too. */
  readonly unauthenticated: number
  /** How often strangers were refused since the server began, by the reason. */
  readonly refusals: Readonly<Record<GateRefusalName, number>>
}
