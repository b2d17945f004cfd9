import { TokenBucket } from '@hotline/core/internal'
import type { Identity } from './identity.ts'

/** Newer credentials that come long before the older ones run out: so many at once, then one in ten seconds. */
const EARLY = { perSecond: 0.1, burst: 10 }

/**
 * When a client may give newer credentials on its connection: each time the application is asked, which may cost a query or
 * more. Those that come when half of the time is over are free: that it is short is the application's own choice.
 */
export class Renewals {
  /** Made by the first: many connections never renew anything. */
  #early: TokenBucket | undefined
  #waiting: { readonly auth: unknown } | undefined
  #isAsking = false

  /** Whether newer ones than these may be looked at now. */
  may({ givenAt, expiresAt }: Pick<Identity, 'givenAt' | 'expiresAt'>, now: number): boolean {
    if (now >= givenAt + (expiresAt - givenAt) / 2) return true
    this.#early ??= new TokenBucket(EARLY)
    return this.#early.take(now)
  }

  /** Has `ask` look at one after another: of those that come meanwhile only the newest counts. */
  async look(auth: unknown, ask: (auth: unknown) => Promise<void>): Promise<void> {
    this.#waiting = { auth }
    if (this.#isAsking) return
    this.#isAsking = true
    for (let next = this.#take(); next !== undefined; next = this.#take()) await ask(next.auth)
    this.#isAsking = false
  }

  #take(): { readonly auth: unknown } | undefined {
    const next = this.#waiting
    this.#waiting = undefined
    return next
  }
}
