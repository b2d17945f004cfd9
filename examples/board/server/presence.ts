import { topic } from '@hotline/server'
import type { Person } from '../shared/model.ts'

/** Who has the page open right now. Kept in memory only: it is about this process's own connections. */
export class Presence {
  readonly #pages = new Map<symbol, Person>()
  readonly #changed = topic<void>()

  /** Counts `person` in while it is read, and tells who is here, again after each change. */
  async *join(person: Person, signal: AbortSignal): AsyncGenerator<readonly Person[], void> {
    const page = Symbol(person.id)
    const changes = this.#changed.subscribe({ whenFull: 'latest', signal })[Symbol.asyncIterator]()
    this.#pages.set(page, person)
    this.#changed.publish()
    try {
      // The first change is its own coming.
      while ((await changes.next()).done !== true) yield this.people
    } finally {
      await changes.return?.()
      this.#pages.delete(page)
      this.#changed.publish()
    }
  }

  /** Each person once, however many pages they have open. */
  get people(): readonly Person[] {
    return [...new Map([...this.#pages.values()].map((person) => [person.id, person])).values()]
  }
}
