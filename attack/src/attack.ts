import type { Facts, Outcome } from './outcome.ts'
import type { Ends } from './wire/ends.ts'
import type { RawSocket } from './wire/raw-socket.ts'

/** Where an attack is made from: the attacker's process. */
export interface Ground {
  readonly port: number
  readonly ends: Ends
  /** A number of the attack, as large as this run makes it. */
  size(full: number): number
  /** The longest that this run waits for an end, of so many seconds. */
  patience(full: number): number
  /** A socket that counts. */
  open(): RawSocket
}

/** An attack at its height: what it takes of the server is measured now. */
export interface Siege {
  /** Hostile sockets that are open, or were, where the attack has come and gone. */
  readonly sockets: number
  /** What else to know of it, for people: `1,000,000 guesses`. */
  readonly notes: readonly string[]
  /** Goes on to its end, which comes by itself. */
  finish(): Promise<Facts>
}

/** One kind of attack, with what a server promises against it. */
export interface Attack {
  readonly name: string
  /** Its number in docs/scenarios.md. */
  readonly scenario: string
  readonly title: string
  /** Limits that its defence hangs on: without them it must be seen to work. None where no switch takes the defence away. */
  readonly defences: readonly string[]
  /** Whether many addresses are played, by a header that the server is told to trust. */
  readonly isProxied?: boolean
  /** Bytes that one hostile socket may hold, as a mean. */
  readonly maxBytes: number
  /** Runs in the attacker's process. */
  besiege(ground: Ground): Promise<Siege>
  /** What of this attack's own was promised and not held; times count only where `isTimed`. Runs in the driver. */
  judge(outcome: Outcome, isTimed: boolean): readonly string[]
}
