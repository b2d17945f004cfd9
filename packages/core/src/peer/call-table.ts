import type { OutgoingCall } from './outgoing-call.ts'

/** The calls that one end has open, by id, with what is counted of them. */
export class CallTable {
  readonly #firstId: number
  /** Those not written yet: they have no id, so that ids are used in the order of the wire. Made by the first, as the next. */
  #waiting: Set<OutgoingCall> | undefined
  #calls: Map<number, OutgoingCall> | undefined
  #nextId: number
  #waitingCharacters = 0
  #awaited = 0
  #awaitedSince = 0

  constructor(firstId: number) {
    this.#firstId = firstId
    this.#nextId = firstId
  }

  get size(): number {
    return (this.#waiting?.size ?? 0) + (this.#calls?.size ?? 0)
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
    return this.#calls?.get(id)
  }

  /** Whether an id is of this end's own calls. */
  isOwn(id: number): boolean {
    return id % 2 === this.#firstId % 2
  }

  /** Whether a call of this end has had the id. */
  hasHad(id: number): boolean {
    return this.isOwn(id) && id < this.#nextId
  }

  /** In the order in which they were made. */
  *values(): IterableIterator<OutgoingCall> {
    if (this.#calls !== undefined) yield* this.#calls.values()
    if (this.#waiting !== undefined) yield* this.#waiting
  }

  /** The call waits to be written. */
  add(call: OutgoingCall, now: number): void {
    this.#waiting ??= new Set()
    this.#waiting.add(call)
    this.#waitingCharacters += call.characters
    if (call.stream === undefined && this.#awaited++ === 0) this.#awaitedSince = now
  }

  /** Gives the call its id. */
  written(call: OutgoingCall): void {
    call.id = this.#nextId
    this.#nextId += 2
    this.#waiting?.delete(call)
    this.#calls ??= new Map()
    this.#calls.set(call.id, call)
    this.#waitingCharacters -= call.characters
  }

  /** Nobody waits for this call's result any more: it became a stream, or was settled early. */
  answered(): void {
    this.#awaited--
  }

  /** The call is over here, and so is what it streams. */
  end(call: OutgoingCall): void {
    this.#remove(call)
    call.state = 'ended'
    call.upload?.stop()
  }

  /** Takes out the calls that were not written yet. */
  takeWaiting(): OutgoingCall[] {
    const waiting = [...(this.#waiting ?? [])]
    for (const call of waiting) this.#remove(call)
    return waiting
  }

  /** Empties the table, for a new session whose ids begin anew. Gives the calls in the order in which they were made. */
  takeAll(): OutgoingCall[] {
    const calls = [...this.values()]
    this.#calls = undefined
    this.#waiting = undefined
    this.#nextId = this.#firstId
    this.#waitingCharacters = 0
    this.#awaited = 0
    return calls
  }

  /** Leaves with everything that is counted of it. */
  #remove(call: OutgoingCall): void {
    const wasWaiting = this.#waiting?.delete(call) === true
    if (!wasWaiting && this.#calls?.delete(call.id) !== true) return
    if (wasWaiting) this.#waitingCharacters -= call.characters
    if (call.state !== 'cancelled' && call.stream === undefined) this.#awaited--
  }
}
