import { type Environment, Queue } from '@hotline/core/internal'

/** How long one turn of the event loop may take in what clients sent, in milliseconds. */
const TURN_MS = 10

/** What waits in line. */
export interface InLine {
  /** Does the next of what it has. Tells whether there is more. */
  step(): boolean
}

/**
 * Shares the event loop among all clients. What comes when a turn has been at it for `TURN_MS` waits in line, one message of
 * each client after the other: so neither a flood of many together nor much work for a few holds up everybody else.
 */
export class Turns {
  readonly #environment: Pick<Environment, 'now' | 'defer'>
  /** Those that have waited for nothing yet: whoever says little shall not wait behind whoever says much. */
  readonly #fresh = new Queue<InLine>()
  readonly #line = new Queue<InLine>()
  readonly #over = () => this.#next()
  #endsAt = Number.NEGATIVE_INFINITY
  #isCounted = false

  constructor(environment: Pick<Environment, 'now' | 'defer'>) {
    this.#environment = environment
  }

  /** Whether this turn may take in more. */
  get mayGoOn(): boolean {
    const now = this.#environment.now()
    if (!this.#isCounted) this.#begin(now)
    return now < this.#endsAt
  }

  /** Its steps are done in the turns to come. */
  wait(inLine: InLine): void {
    this.#fresh.push(inLine)
    if (!this.#isCounted) this.#begin(this.#environment.now())
  }

  #begin(now: number): void {
    this.#isCounted = true
    this.#endsAt = now + TURN_MS
    this.#environment.defer(this.#over)
  }

  /** Another turn has begun. */
  #next(): void {
    this.#isCounted = false
    while (this.#fresh.size + this.#line.size > 0 && this.mayGoOn) {
      const first = this.#fresh.shift() ?? this.#line.shift()
      if (first?.step() === true) this.#line.push(first)
    }
  }
}
