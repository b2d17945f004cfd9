import type { Random } from '../simulator/random.ts'
import { mutateJson } from './mutate-json.ts'
import { ODD_NAMES } from './odd-values.ts'

/** Types that annotations name: ours, superjson's other ones, and none. */
const TYPES: readonly [unknown, ...unknown[]] = [
  ...([
    'undefined',
    'bigint',
    'Date',
    'number',
    'URL',
    'Error',
    'set',
    'map',
    'regexp',
    'symbol',
    'constructor',
  ] as const),
  ...[
    ['typed-array', 'Uint8Array'],
    ['typed-array', 'Float64Array'],
    ['typed-array', 'Function'],
    ['class', 'Object'],
  ],
  ...[['custom', 'x'], ['symbol', 'x'], ['bytes', 'Uint8Array'], ['bytes', 'Blob'], ['bytes', 'ArrayBuffer'], []],
]

/** Paths that lead elsewhere, or far. */
const PATHS: readonly [string, ...string[]] = [
  ...([
    '__proto__',
    'constructor.prototype',
    '0',
    '0.0',
    '0.1',
    '1.0',
    'a',
    'a.a',
    'length',
    'cause',
    'a\\\\.b',
  ] as const),
  ...['__proto__.x', 'toString', 'a.constructor', 'name', 'message', '\\', '0.__proto__', 'a.'.repeat(170), ''],
]

type Tree = Record<string, unknown>

/** Changes what annotations say: other types, other places, more of them. */
export function mutateNotes(notes: unknown, random: Random): void {
  // It is what an encoder wrote.
  const meta = notes as { values: unknown; referentialEqualities?: unknown }
  switch (random.integer(0, 5)) {
    case 0:
      return mutateJson(meta, random, random.integer(1, 2))
    case 1:
      meta.values = note(random, meta.values)
      return
    case 2:
      meta.referentialEqualities = random.pick<unknown>([{}, [], { a: ['b'] }, null])
      return
    case 3:
      meta.values = [random.pick(TYPES), meta.values]
      return
    default:
      meta.values = retyped(meta.values, random)
  }
}

/** The tree with another note in it. */
function note(random: Random, tree: unknown): unknown {
  const path = random.chance(0.7) ? random.pick(PATHS) : random.pick(ODD_NAMES)
  const added = random.chance(0.5)
    ? [random.pick(TYPES)]
    : [random.pick(TYPES), { [random.pick(PATHS)]: [random.pick(TYPES)] }]
  if (Array.isArray(tree)) return [tree[0], { ...(tree[1] as Tree | undefined), [path]: added }]
  return { ...(tree as Tree), [path]: added }
}

/** The tree with another type in some places. */
function retyped(tree: unknown, random: Random): unknown {
  if (Array.isArray(tree)) {
    const type = random.chance(0.4) ? random.pick(TYPES) : tree[0]
    return tree.length > 1 ? [type, retyped(tree[1], random)] : [type]
  }
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(Object.entries(tree).map(([path, inside]) => [path, retyped(inside, random)]))
}
