import type { VirtualClock } from './virtual-clock.ts'
import type { RawFrame } from './wire-frame.ts'

/** What travels one way: a message, or the close frame that is the last. */
export type Parcel =
  | { readonly name: 'message'; readonly frame: RawFrame }
  | { readonly name: 'close'; readonly code: number; readonly reason: string }

/**
 * One direction of a connection. As TCP does, it keeps the order and loses nothing but the end: a black hole holds back
 * everything from its beginning on, and gives it out when it ends.
 */
export class Way {
  /** Characters that were put in, or bytes. */
  characters = 0
  readonly #clock: VirtualClock
  readonly #arrive: (parcel: Parcel) => void
  readonly #held: Parcel[] = []
  #isHeld = false
  #lastArrivalAt = 0
  #isOver = false
  #stopsAt = Number.POSITIVE_INFINITY

  constructor(clock: VirtualClock, arrive: (parcel: Parcel) => void) {
    this.#clock = clock
    this.#arrive = arrive
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** When all that was put in will have arrived. */
  get lastArrivalAt(): number {
    return this.#lastArrivalAt
  }

  send(parcel: Parcel, delayMs: number): void {
    if (this.#isOver) return
    if (parcel.name === 'message') this.characters += parcel.frame.length
    const now = this.#clock.now()
    this.#lastArrivalAt = Math.max(this.#lastArrivalAt, now + delayMs)
    this.#clock.schedule(() => this.#come(parcel), this.#lastArrivalAt - now)
  }

  /** Nothing arrives before `at`. */
  notBefore(at: number): void {
    this.#lastArrivalAt = Math.max(this.#lastArrivalAt, at)
  }

  /** Nothing arrives after `at`, and nothing can be put in any more. */
  stop(at: number): void {
    this.#stopsAt = Math.min(this.#stopsAt, at)
    this.end()
  }

  /** Nothing can be put in any more; what was, may still come out. */
  end(): void {
    this.#isOver = true
  }

  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#giveOut()
  }

  #come(parcel: Parcel): void {
    if (this.#clock.now() > this.#stopsAt) return
    if (this.#isHeld || this.#held.length > 0) this.#held.push(parcel)
    else this.#arrive(parcel)
  }

  /** One at a time, each in its own turn. */
  #giveOut(): void {
    this.#clock.schedule(() => {
      if (this.#isHeld) return
      const parcel = this.#clock.now() > this.#stopsAt ? undefined : this.#held.shift()
      if (parcel === undefined) return
      this.#arrive(parcel)
      this.#giveOut()
    }, 0)
  }
}
