import type { InvalidatedPath, Invalidation } from '@hotline/core'
import { Effort, isSame, weigh } from '@hotline/core/internal'
import { MAX_INPUT_CHARACTERS } from './sendable-input.ts'

/** Inputs are small; two that are larger than this count as different ones. */
const INPUT_EFFORT = 1_000

/** About as many characters may all of them together have: what can't be sent would end every stream. */
const MAX_CHARACTERS = 256 * 1024

/** What was invalidated since somebody took it: each path and input once, and at most so many and so much, else all. */
export class InvalidatedPaths {
  readonly #max: number
  /** By path; `undefined` means whatever the input. */
  readonly #inputs = new Map<string, unknown[] | undefined>()
  #size = 0
  #characters = 0
  #isAll = false

  constructor(max: number) {
    this.#max = max
  }

  get isEmpty(): boolean {
    return !this.#isAll && this.#size === 0
  }

  add(invalidation: Invalidation): void {
    // What another process has sent may say both.
    if (invalidation.paths === undefined || invalidation.all === true) return this.#addAll()
    for (const path of invalidation.paths) this.#addPath(path)
  }

  /** Gives what there is, and begins anew. */
  take(): Invalidation {
    const paths = [...this.#inputs].flatMap(([path, inputs]) => inputs?.map((input) => ({ path, input })) ?? [{ path }])
    const taken: Invalidation = this.#isAll ? { all: true } : { paths }
    this.#clear()
    this.#isAll = false
    return taken
  }

  #addPath({ path, input }: InvalidatedPath): void {
    if (this.#isAll) return
    const inputs = this.#inputs.get(path)
    if (inputs === undefined && this.#inputs.has(path)) return
    if (inputs?.some((known) => isSame(known, input, new Effort(INPUT_EFFORT))) === true) return
    if (input === undefined) this.#size -= inputs?.length ?? 0
    this.#characters += weigh(input, MAX_INPUT_CHARACTERS)
    if (++this.#size > this.#max || this.#characters > MAX_CHARACTERS) return this.#addAll()
    this.#inputs.set(path, input === undefined ? undefined : [...(inputs ?? []), input])
  }

  #addAll(): void {
    this.#clear()
    this.#isAll = true
  }

  #clear(): void {
    this.#inputs.clear()
    this.#size = 0
    this.#characters = 0
  }
}
