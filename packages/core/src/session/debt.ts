/** Above this nothing more is begun for a peer until it has taken some of what is kept for it. */
const MUCH_CHARACTERS = 4 * 1024 * 1024

/** Above this there is less patience. */
const TOO_MUCH_CHARACTERS = 16 * 1024 * 1024

/** A peer that takes nothing for this long is given up. One that takes what it gets may be slow. */
const PATIENCE_MS = 10_000
const LEAST_PATIENCE_MS = 5_000

/** Whether so much is kept for a peer that nothing more may be begun for it. */
export function isMuch(characters: number): boolean {
  return characters > MUCH_CHARACTERS
}

/**
 * Much that an end keeps for a peer that takes it more slowly than it comes about: what waits, and what wasn't acknowledged.
 * It ends when the peer takes something.
 */
export class Debt {
  readonly #since: number
  #patienceMs = PATIENCE_MS

  constructor(since: number) {
    this.#since = since
  }

  /** Why the peer has to be given up, where it has. */
  judge(characters: number, now: number): string | undefined {
    this.#patienceMs = characters > TOO_MUCH_CHARACTERS ? LEAST_PATIENCE_MS : PATIENCE_MS
    if (now < this.dueAt) return undefined
    return `${characters} characters are kept for the peer, and it took nothing for ${this.#patienceMs / 1000} s.`
  }

  /** When to judge again, if nothing is taken meanwhile. */
  get dueAt(): number {
    return this.#since + this.#patienceMs
  }
}
