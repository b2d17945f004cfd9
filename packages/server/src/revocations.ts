import type { Identity } from './identity.ts'

/** Whom the application has thrown out lately: what `authenticate` was asked before that is about the rights of before. */
export class Revocations {
  readonly #keptMs: number
  /** When each principal was thrown out last, the oldest first. */
  readonly #at = new Map<string, number>()

  /** No `authenticate` takes longer than `keptMs`. */
  constructor(keptMs: number) {
    this.#keptMs = keptMs
  }

  /** Principals that are remembered. */
  get size(): number {
    return this.#at.size
  }

  add(principal: string, now: number): void {
    this.#at.delete(principal)
    this.#at.set(principal, now)
    for (const [oldest, at] of this.#at) {
      if (now - at <= this.#keptMs) return
      this.#at.delete(oldest)
    }
  }

  /** Whether its principal was thrown out while the application was asked who it is. */
  isOf({ principal, askedAt }: Pick<Identity, 'principal' | 'askedAt'>): boolean {
    return principal !== undefined && askedAt <= (this.#at.get(principal) ?? Number.NEGATIVE_INFINITY)
  }
}
