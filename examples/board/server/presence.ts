import type { Person } from '../shared/model.ts'
import { Doorbell } from './store/doorbell.ts'

/** Who has the page open right now. Kept in memory only: it is about this process's own connections. */
export class Presence {
  readonly #pages = new Map<symbol, Person>()
  readonly #doorbell = new Doorbell()

  /** Counts `person` in while it is read, and tells who is here, again after each change. */
  async *join(person: Person, signal: AbortSignal): AsyncGenerator<readonly Person[], void> {
    const page = Symbol(person.id)
    this.#pages.set(page, person)
    this.#doorbell.ring()
    try {
      while (!signal.aborted) {
        const rings = this.#doorbell.rings
        yield this.people
        await this.#doorbell.rungSince(rings, signal)
      }
    } finally {
      this.#pages.delete(page)
      this.#doorbell.ring()
    }
  }

  /** Each person once, however many pages they have open. */
  get people(): readonly Person[] {
    return [...new Map([...this.#pages.values()].map((person) => [person.id, person])).values()]
  }
}
