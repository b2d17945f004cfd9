import { marked } from '../contract/marked.ts'
import type { Prepared } from '../protocol/format.ts'

/** Registered, not local: an item of another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/shared-item')

/** As those encode it who have the same codec and the same schema. */
interface Made {
  readonly codec: object
  readonly schema: object | undefined
  prepared: Prepared | Promise<Prepared>
}

class Shared<Value> {
  readonly value: Value
  readonly id: string | undefined
  readonly #prepared: Made[] = []

  constructor(value: Value, id: string | undefined) {
    this.value = value
    this.id = id
  }

  /** The item as it goes out to those who do it alike; `prepare` runs for the first of them. What it throws isn't kept. */
  preparedBy(
    codec: object,
    schema: object | undefined,
    prepare: () => Prepared | Promise<Prepared>,
  ): Prepared | Promise<Prepared> {
    for (const made of this.#prepared) if (made.codec === codec && made.schema === schema) return made.prepared
    const made: Made = { codec, schema, prepared: prepare() }
    this.#prepared.push(made)
    if (made.prepared instanceof Promise) made.prepared.then((prepared) => (made.prepared = prepared), ignore)
    return made.prepared
  }
}

/** An item for many streams. It is checked and encoded once for all of them that do it alike. */
export const SharedItem = /* @__PURE__ */ marked(MARK, Shared)
export type SharedItem<Value> = Shared<Value>

/** Whoever waits for it hears of it. */
function ignore(): void {}

/** Whether what a source gives is for many streams. */
export function isSharedItem(given: unknown): given is SharedItem<unknown> {
  return typeof given === 'object' && given !== null && MARK in given
}
