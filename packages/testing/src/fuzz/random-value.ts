import type { Random } from '../simulator/random.ts'
import { ODD_NAMES } from './odd-values.ts'

/** Names that codecs refuse in paths, for what they do to prototypes. */
const REFUSED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const NAMES = ['a', 'b', 'c', ...ODD_NAMES.filter((name) => !REFUSED.has(name))] as [string, ...string[]] // three at least

type Make = (random: Random, left: Budget) => unknown

/** How many values are still to be made, and how deep they may lie. */
interface Budget {
  values: number
  readonly depth: number
}

const LEAVES: Readonly<Record<string, Make>> = {
  text: (random) => random.pick(['', 'x', 'é', '\ud800', 'a longer text', '\u0000', '😀', '"quoted"', '-0', 'NaN']),
  whole: (random) => random.integer(-1_000, 1_000),
  number: (random) => random.pick([0.1, 1e21, -1e-7, 2 ** 53, 5e-324, Number.MAX_VALUE, 4_294_967_296]),
  lacking: (random) => random.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]),
  boolean: (random) => random.chance(0.5),
  null: () => null,
  undefined: () => undefined,
  bigint: (random) => random.pick([0n, -1n, 2n ** 64n, 10n ** 1_000n, -(10n ** 20n)]),
  date: (random) => new Date(random.pick([0, -1, 8.64e15, -8.64e15, 1_769_860_800_000])),
  url: (random) =>
    new URL(random.pick(['https://a.example/b?c=d#e', 'data:,x', 'https://xn--bcher-kva.example/', 'a:b'])),
  whole8: (random) => Uint8Array.from({ length: random.integer(0, 9) }, () => random.integer(0, 255)),
  whole16: (random) => Int16Array.from({ length: random.integer(0, 5) }, () => random.integer(-9, 9)),
  floats: (random) => Float64Array.from({ length: random.integer(0, 5) }, () => random.integer(0, 9) / 7),
}

const CONTAINERS: Readonly<Record<string, Make>> = {
  array: (random, left) => many(random, left),
  record: (random, left) => Object.fromEntries(many(random, left).map((value) => [random.pick(NAMES), value])),
  bare: (random, left) => Object.assign(Object.create(null), { [random.pick(NAMES)]: make(random, left) }),
  map: (random, left) => new Map(many(random, left).map((value) => [make(random, left), value])),
  set: (random, left) => new Set(many(random, left)),
  error: (random, left) => new RangeError('out of it', random.chance(0.5) ? { cause: make(random, left) } : undefined),
}

// Tables with rows.
const LEAF_MAKES = Object.values(LEAVES) as [Make, ...Make[]]
const CONTAINER_MAKES = Object.values(CONTAINERS) as [Make, ...Make[]]

/** A value that the codec has an encoding for: of every type, in one another, up to the depth that it takes. */
export function randomValue(random: Random): unknown {
  const depth = random.pick([0, 1, 2, 3, 4, 6])
  return make(random, { values: random.pick([1, 4, 10, 25]), depth })
}

function make(random: Random, left: Budget): unknown {
  left.values--
  const isLeaf = left.depth === 0 || left.values <= 0 || random.chance(0.4)
  const inside = { values: left.values, depth: left.depth - 1 }
  const value = random.pick(isLeaf ? LEAF_MAKES : CONTAINER_MAKES)(random, inside)
  left.values = inside.values
  return value
}

function many(random: Random, left: Budget): unknown[] {
  return Array.from({ length: random.integer(0, 4) }, () => make(random, left))
}
