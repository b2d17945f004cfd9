import type { OutgoingCall } from './outgoing-call.ts'

/** The calls that one end has open, by id, with what is counted of them. */
export class CallTable {
  readonly #firstId: number
  #calls = new Map<number, OutgoingCall>()
  #nextId: number
  #waitingCharacters = 0
  #awaited = 0
  #awaitedSince = 0

  constructor(firstId: number) {
    this.#firstId = firstId
    this.#nextId = firstId
  }

  get size(): number {
    return this.#calls.size
  }

  /** Characters of the calls that were not written yet. */
  get waitingCharacters(): number {
    return this.#waitingCharacters
  }

  /** Since when somebody has waited for a result without a break; open subscriptions don't count. */
  get awaitedSince(): number | undefined {
    return this.#awaited === 0 ? undefined : this.#awaitedSince
  }

  get(id: number): OutgoingCall | undefined {
    return this.#calls.get(id)
  }

  values(): IterableIterator<OutgoingCall> {
    return this.#calls.values()
  }

  /** Gives the call its id. It waits to be written. */
  add(call: OutgoingCall, now: number): void {
    call.id = this.#nextId
    this.#nextId += 2
    this.#calls.set(call.id, call)
    this.#waitingCharacters += call.characters
    if (call.stream === undefined && this.#awaited++ === 0) this.#awaitedSince = now
  }

  written(call: OutgoingCall): void {
    this.#waitingCharacters -= call.characters
  }

  /** Nobody waits for this call's result any more: it became a stream, or was settled early. */
  answered(): void {
    this.#awaited--
  }

  /** Leaves with everything that is counted of it. */
  delete(call: OutgoingCall): void {
    if (!this.#calls.delete(call.id)) return
    if (call.state === 'waiting') this.#waitingCharacters -= call.characters
    if (call.state !== 'cancelled' && call.stream === undefined) this.#awaited--
  }

  /** Empties the table, for a new session whose ids begin anew. Gives the calls in the order in which they were made. */
  takeAll(): OutgoingCall[] {
    const calls = [...this.#calls.values()]
    this.#calls = new Map()
    this.#nextId = this.#firstId
    this.#waitingCharacters = 0
    this.#awaited = 0
    return calls
  }
}
