import type { Settings } from './options.ts'

/** Principals of which the log is told: each once, and not for ever. */
const MAX_TOLD = 100

/**
 * Tells the log of principals whose sessions end since too many of them wait for their clients. That is meant for one user
 * who connects over and over; where many clients share a principal, it ends honest ones whenever a switch blips.
 */
export class CrowdedPrincipals {
  readonly #settings: Pick<Settings, 'logger' | 'limits'>
  readonly #told = new Set<string>()

  constructor(settings: Pick<Settings, 'logger' | 'limits'>) {
    this.#settings = settings
  }

  tell(principal: string): void {
    if (this.#told.has(principal) || this.#told.size >= MAX_TOLD) return
    this.#told.add(principal)
    const { logger, limits } = this.#settings
    logger.warn(
      { principal, maxDetachedPerPrincipal: limits.maxDetachedPerPrincipal },
      `more than ${limits.maxDetachedPerPrincipal} sessions of one principal have lost their connection, so the oldest end instead of waiting for their clients; where many clients share a principal: limits: { maxDetachedPerPrincipal: <as many as they are> }`,
    )
  }
}
