import { ProtocolError } from '../protocol/protocol-error.ts'
import { MOST_OVERTAKEN } from '../session/outbox.ts'

/** The ids of the calls that the other end opens: of its parity, each once, in order but for calls that come in pieces. */
export class CallIds {
  readonly #parity: 'odd' | 'even'
  /** Made by the first: most calls come in order. */
  #overtaken: Set<number> | undefined
  #next: number

  constructor(parity: 'odd' | 'even') {
    this.#parity = parity
    this.#next = parity === 'odd' ? 1 : 2
  }

  /**
   * Something is said of a call: it must have begun, whether or not it has ended since.
   * @throws ProtocolError `BAD_FRAME` where no call has had this id.
   */
  checkUsed(id: number, word: string): void {
    const isOurs = id % 2 === (this.#parity === 'odd' ? 1 : 0)
    if (!isOurs || id >= this.#next || this.#overtaken?.has(id) === true) throw notBegun(id, word)
  }

  /** @throws ProtocolError `BAD_FRAME` for an id of the other parity, one used before, or one too far ahead. */
  use(id: number): void {
    if (id === this.#next) {
      this.#next += 2
      return
    }
    if (this.#overtaken?.delete(id) === true) return
    const left = (id - this.#next) / 2
    if (left < 0 || !Number.isInteger(left) || (this.#overtaken?.size ?? 0) + left > MOST_OVERTAKEN) {
      const wanted = `${this.#parity === 'odd' ? 'an odd' : 'an even'} one from ${this.#next}`
      throw new ProtocolError('BAD_FRAME', `Message "call" has the id ${id}: expected ${wanted}.`)
    }
    this.#overtaken ??= new Set()
    for (; this.#next < id; this.#next += 2) this.#overtaken.add(this.#next)
    this.#next += 2
  }
}

export function notBegun(id: number, word: string): ProtocolError {
  return new ProtocolError('BAD_FRAME', `Message "${word}" is for call ${id}: expected one that has begun.`)
}
