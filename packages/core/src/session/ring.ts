/**
 * Numbered messages from the oldest one not acknowledged (`base`) to the newest (`tail - 1`). A circular array that
 * doubles when full; it is allocated on first use.
 */
export class Ring {
  #slots: (string | undefined)[] = []
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

  push(message: string): void {
    if (this.#tail - this.#base === this.#slots.length) this.#grow()
    this.#slots[this.#tail & (this.#slots.length - 1)] = message
    this.#tail++
    this.#characters += message.length
  }

  /** The message with this number; `undefined` outside `base` to `tail - 1`. */
  at(number: number): string | undefined {
    return number >= this.#base && number < this.#tail ? this.#slots[number & (this.#slots.length - 1)] : undefined
  }

  /** Forgets every message below `base`. A lower base than before changes nothing. */
  trim(base: number): void {
    const mask = this.#slots.length - 1
    for (; this.#base < base && this.#base < this.#tail; this.#base++) {
      this.#characters -= this.#slots[this.#base & mask]?.length ?? 0
      this.#slots[this.#base & mask] = undefined
    }
    if (this.#base === this.#tail && this.#slots.length > 256) this.#slots = []
  }

  #grow(): void {
    const slots = new Array<string | undefined>(Math.max(16, this.#slots.length * 2))
    for (let number = this.#base; number < this.#tail; number++) {
      slots[number & (slots.length - 1)] = this.at(number)
    }
    this.#slots = slots
  }
}
