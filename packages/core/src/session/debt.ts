/** Above this nothing more is begun for a peer until it has taken some of what is kept for it. */
const MUCH_CHARACTERS = 4 * 1024 * 1024

/** Above this its session ends. */
const TOO_MUCH_CHARACTERS = 16 * 1024 * 1024

/** And so it does where much is kept and nothing was taken for this long. */
const STUCK_MS = 10_000

/** What an end keeps for a peer that takes it more slowly than it comes about: what waits, and what wasn't acknowledged. */
export class Debt {
  #muchSince = Number.POSITIVE_INFINITY

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
    if (characters > TOO_MUCH_CHARACTERS) {
      return `${characters} characters are kept for the peer, which may be ${TOO_MUCH_CHARACTERS}: read what is asked for.`
    }
    if (now < this.dueAt) return undefined
    return `${characters} characters are kept for the peer, and it took nothing for ${STUCK_MS / 1000} s.`
  }

  /** When to judge again, if nothing is taken meanwhile. */
  get dueAt(): number {
    return this.#muchSince + STUCK_MS
  }
}
