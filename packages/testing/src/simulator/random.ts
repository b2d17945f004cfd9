/**
 * Numbers that look random and depend on a seed alone: xoshiro128** by David Blackman and Sebastiano Vigna
 * (https://prng.di.unimi.it/xoshiro128starstar.c), its state filled from the seed by MurmurHash3's 32-bit finalizer,
 * so that neighbouring seeds have nothing in common.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    this.#a = scramble(seed + GOLDEN)
    this.#b = scramble(seed + 2 * GOLDEN)
    this.#c = scramble(seed + 3 * GOLDEN)
    this.#d = scramble(seed + 4 * GOLDEN) | 1
  }

  /** From 0 up to 1. */
  next(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = rotate(this.#d, 11)
    return (result >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** From `least` up to `most`. */
  between(least: number, most: number): number {
    return least + this.next() * (most - least)
  }

  /** True in `share` of the cases. */
  chance(share: number): boolean {
    return this.next() < share
  }

  pick<Entry>(entries: readonly [Entry, ...Entry[]]): Entry {
    return entries[this.integer(0, entries.length - 1)] ?? entries[0]
  }

  /** One of the names of a table, each as often as its number says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    // The keys of a record are its names.
    const entries = Object.entries(weights) as [Name, number][]
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    throw new RangeError('A table of weights has nothing above 0: give one row a weight.')
  }

  /** A generator of its own, so that one part of a run may draw more without changing what the others draw. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32))
  }
}

/** 2 ** 32 divided by the golden ratio: its multiples are spread evenly. */
const GOLDEN = 0x9e3779b9

function scramble(seed: number): number {
  let hash = seed | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by))
}
