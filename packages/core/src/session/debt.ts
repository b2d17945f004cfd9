/** Above this nothing more is begun for a peer until it has taken some of what is kept for it. */
const MUCH_CHARACTERS = 4 * 1024 * 1024

/** Above this there is less patience. */
const TOO_MUCH_CHARACTERS = 16 * 1024 * 1024

/** A peer that takes nothing for this long is given up. One that takes what it gets may be slow. */
const PATIENCE_MS = 10_000
const LEAST_PATIENCE_MS = 5_000

/** What an end keeps for a peer that takes it more slowly than it comes about: what waits, and what wasn't acknowledged. */
export class Debt {
  #muchSince = Number.POSITIVE_INFINITY
  #patienceMs = PATIENCE_MS

  /** Whether nothing more may be begun for the peer. */
  isMuch(characters: number): boolean {
    return characters > MUCH_CHARACTERS
  }

  /** The peer has taken something. */
  reduced(): void {
    this.#muchSince = Number.POSITIVE_INFINITY
  }

  /** Why the peer has to be given up, where it has. */
  judge(characters: number, now: number): string | undefined {
    if (!this.isMuch(characters)) {
      this.reduced()
      return undefined
    }
    this.#muchSince = Math.min(this.#muchSince, now)
    this.#patienceMs = characters > TOO_MUCH_CHARACTERS ? LEAST_PATIENCE_MS : PATIENCE_MS
    if (now < this.dueAt) return undefined
    return `${characters} characters are kept for the peer, and it took nothing for ${this.#patienceMs / 1000} s.`
  }

  /** When to judge again, if nothing is taken meanwhile. */
  get dueAt(): number {
    return this.#muchSince + this.#patienceMs
  }
}
