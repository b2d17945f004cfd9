import type { StrangerCounts } from './stranger-counts.ts'

/** A connection as the gate counts it: until it is let in, and until its socket has closed. Saying either twice is fine. */
export class Visit {
  readonly #stranger: string | undefined
  readonly #open: StrangerCounts
  readonly #unauthenticated: StrangerCounts
  #isWaiting = true
  #isHere = true

  constructor(stranger: string | undefined, open: StrangerCounts, unauthenticated: StrangerCounts) {
    this.#stranger = stranger
    this.#open = open
    this.#unauthenticated = unauthenticated
    open.add(stranger)
    unauthenticated.add(stranger)
  }

  letIn(): void {
    if (this.#isWaiting) this.#unauthenticated.remove(this.#stranger)
    this.#isWaiting = false
  }

  /** To be handed to whoever tells of it, as it is: made where more is known, it would keep that as long as the socket. */
  readonly left = () => {
    this.letIn()
    if (this.#isHere) this.#open.remove(this.#stranger)
    this.#isHere = false
  }
}
