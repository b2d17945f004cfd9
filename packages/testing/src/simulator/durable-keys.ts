import type { IdempotencyKey, IdempotencyState, IdempotencyStore } from '@hotline/core'

interface Entry {
  readonly inputHash: string
  readonly process: number
  outcome: string | undefined
  state: 'running' | 'done' | 'inDoubt'
}

/** Keys where every process finds them and none takes them along when it dies, as in an application's database. */
export class DurableKeys {
  readonly #entries = new Map<string, Entry>()

  /** The store as one process has it. */
  of(process: number): IdempotencyStore {
    const nameOf = ({ scope, path, key }: IdempotencyKey) => `${scope} ${path} ${key}`
    return {
      isDurable: true,
      begin: (key, inputHash) => this.#begin(nameOf(key), inputHash, process),
      finish: (key, outcome) => {
        const entry = this.#entries.get(nameOf(key))
        if (entry !== undefined) Object.assign(entry, { state: 'done', outcome })
      },
      release: (key) => {
        this.#entries.delete(nameOf(key))
      },
    }
  }

  /** Whatever it ran, nobody knows how far. */
  died(process: number): void {
    for (const entry of this.#entries.values())
      if (entry.process === process && entry.state === 'running') entry.state = 'inDoubt'
  }

  #begin(name: string, inputHash: string, process: number): IdempotencyState {
    const known = this.#entries.get(name)
    if (known === undefined) {
      this.#entries.set(name, { inputHash, process, outcome: undefined, state: 'running' })
      return { name: 'claimed' }
    }
    const { state, outcome } = known
    return state === 'done'
      ? { name: state, inputHash: known.inputHash, outcome }
      : { name: state, inputHash: known.inputHash }
  }
}
