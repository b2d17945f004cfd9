import type { Packed } from '../protocol/packed.ts'

/** Slots that are kept though nearly all are free: a steady trickle shall not allocate. */
const SPARE_SLOTS = 256

/** Enough for calls one at a time; most sessions of a server never have more. */
const LEAST_SLOTS = 4

/**
 * Numbered messages from the oldest one not acknowledged (`base`) to the newest (`tail - 1`). A circular array that
 * doubles when full and is cut when nearly all of it is free; it is allocated on first use.
 */
export class Ring {
  #slots: (Packed | undefined)[] = []
  #base = 1
  #tail = 1
  #characters = 0

  /** The number of the oldest message kept. */
  get base(): number {
    return this.#base
  }

  /** The number that the next message gets. */
  get tail(): number {
    return this.#tail
  }

  get characters(): number {
    return this.#characters
  }

  /** Messages that it has room for before it grows. */
  get room(): number {
    return this.#slots.length
  }

  push(message: Packed): void {
    if (this.#tail - this.#base === this.#slots.length) this.#grow()
    this.#slots[this.#tail & (this.#slots.length - 1)] = message
    this.#tail++
    this.#characters += message.length
  }

  /** The message with this number; `undefined` outside `base` to `tail - 1`. */
  at(number: number): Packed | undefined {
    return number >= this.#base && number < this.#tail ? this.#slots[number & (this.#slots.length - 1)] : undefined
  }

  /** Forgets every message below `base`. A lower base than before changes nothing. */
  trim(base: number): void {
    const mask = this.#slots.length - 1
    for (; this.#base < base && this.#base < this.#tail; this.#base++) {
      this.#characters -= this.#slots[this.#base & mask]?.length ?? 0
      this.#slots[this.#base & mask] = undefined
    }
    this.#shrink()
  }

  #grow(): void {
    this.#resize(Math.max(LEAST_SLOTS, this.#slots.length * 2))
  }

  /** To a quarter when an eighth is in use, so that the next message doesn't make it grow again. */
  #shrink(): void {
    const used = this.#tail - this.#base
    let size = this.#slots.length
    while (size > SPARE_SLOTS && used * 8 <= size) size /= 4
    if (size < this.#slots.length) this.#resize(size)
  }

  /** `size` is a power of two that holds what is kept. */
  #resize(size: number): void {
    const slots = new Array<Packed | undefined>(size)
    for (let number = this.#base; number < this.#tail; number++) {
      slots[number & (slots.length - 1)] = this.at(number)
    }
    this.#slots = slots
  }
}
