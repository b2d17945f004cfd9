import type { Random } from '../simulator/random.ts'

/** The calls of a session, as one of its ends knows them by what it has said and heard. */
export class KnownCalls {
  /** Without a last word. */
  readonly #open = new Set<number>()
  /** Whose answer is an accepted stream. */
  readonly #streams = new Set<number>()
  /** Whose opener has items to send. */
  readonly #wanting = new Set<number>()
  /** Whose opener may send them. */
  readonly #uploads = new Set<number>()

  /** Takes in a message, whoever said it. */
  take(message: readonly unknown[]): void {
    const [word, id] = message
    if (typeof id !== 'number') return
    if (word === 'call') this.#called(id, message[4])
    else if (word === 'stream') this.#streams.add(id)
    else if (word === 'credit' && this.#wanting.has(id)) this.#uploads.add(id)
    else if (word === 'end' || word === 'stop') this.#uploads.delete(id)
    else if (word === 'result' || word === 'error') this.#forget(id)
  }

  open(random: Random): number | undefined {
    return someOf(this.#open, random)
  }

  stream(random: Random): number | undefined {
    return someOf(this.#streams, random)
  }

  wanting(random: Random): number | undefined {
    return someOf(this.#wanting, random)
  }

  upload(random: Random): number | undefined {
    return someOf(this.#uploads, random)
  }

  #called(id: number, fields: unknown): void {
    this.#open.add(id)
    if ((fields as { readonly items?: unknown } | undefined)?.items === true) this.#wanting.add(id)
  }

  #forget(id: number): void {
    this.#open.delete(id)
    this.#wanting.delete(id)
    this.#streams.delete(id)
    this.#uploads.delete(id)
  }
}

function someOf(ids: ReadonlySet<number>, random: Random): number | undefined {
  const [first, ...others] = ids
  return first === undefined ? undefined : random.pick([first, ...others])
}
