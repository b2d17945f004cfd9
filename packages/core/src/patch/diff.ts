import type { Change } from './change.ts'
import { Effort } from './effort.ts'
import { isSame } from './is-same.ts'
import { nestingOf } from './nesting.ts'
import { PieceList } from './piece-list.ts'
import { isPlainObject, type PlainObject } from './plain-object.ts'

/** No value that can be sent has more in it; one that changed at many depths is looked at more than once. */
const MAX_EFFORT = 500_000

/**
 * Nothing that is sent nests deeper, and the change is in an item. Each level that a change goes into costs two more than
 * in the value, and what is given whole below it one.
 */
const MAX_NESTING = 64
const AROUND = 2
const PER_LEVEL = 2

/**
 * What makes `after` of `before`: `patch(before, diff(before, after))` is the same as `after`. `undefined` where they are
 * the same already. Rows of an array that have an `id`, or are strings or numbers, are found again wherever they moved.
 * Its work is bounded, and so is how deep it nests: where that doesn't suffice, what is left is given whole.
 */
export function diff(before: unknown, after: unknown, effort = effortFor(after)): Change | undefined {
  if (Array.isArray(before) && Array.isArray(after) && effort.enter())
    return effort.leave(diffRows(before, after, effort))
  if (isPlainObject(before) && isPlainObject(after) && effort.enter())
    return effort.leave(diffMembers(before, after, effort))
  return isSame(before, after, effort) ? undefined : { is: after }
}

function effortFor(after: unknown): Effort {
  return new Effort(MAX_EFFORT, Math.floor((MAX_NESTING - AROUND - nestingOf(after)) / PER_LEVEL))
}

function diffMembers(before: PlainObject, after: PlainObject, effort: Effort): Change | undefined {
  if (!effort.spend(1)) return { is: after }
  const changed: [string, Change][] = []
  for (const [name, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, name) ? diff(before[name], value, effort) : { is: value }
    if (change !== undefined) changed.push([name, change])
  }
  const out = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  if (changed.length === 0 && out.length === 0) return undefined
  return { in: Object.fromEntries(changed), ...(out.length > 0 ? { out } : {}) }
}

function diffRows(before: readonly unknown[], after: readonly unknown[], effort: Effort): Change | undefined {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && isSame(before[head], after[head], effort)) head++
  if (head === before.length && head === after.length) return undefined
  if (effort.isSpent) return { is: after }
  let tail = 0
  while (head + tail < shorter && isSame(before.at(-1 - tail), after.at(-1 - tail), effort)) tail++
  const pieces = new PieceList()
  pieces.keep(0, head)
  const former = formerRows(before, { from: head, to: before.length - tail }, after.length - before.length)
  for (let index = head; index < after.length - tail; index++) {
    const row = after[index]
    const at = former(row, index)
    const change = at === undefined ? { is: row } : diff(before[at], row, effort)
    if (change === undefined) pieces.keep(at ?? index, 1)
    else if (at === undefined || 'is' in change) pieces.add(row)
    else pieces.change(at, change)
  }
  pieces.keep(before.length - tail, tail)
  return { rows: pieces.all }
}

/**
 * Where a row stood before, each of those only once: by what identifies it, or, where nothing does and there are as many
 * rows as before, at the same place.
 */
function formerRows(
  before: readonly unknown[],
  { from, to }: { readonly from: number; readonly to: number },
  growth: number,
): (row: unknown, index: number) => number | undefined {
  const places = new Map<unknown, number>()
  for (let index = from; index < to; index++) {
    const identity = identityOf(before[index])
    if (identity !== undefined) places.set(identity, index)
  }
  if (places.size === 0) return (_row, index) => (growth === 0 ? index : undefined)
  return (row) => {
    const identity = identityOf(row)
    const place = places.get(identity)
    places.delete(identity)
    return place
  }
}

function identityOf(row: unknown): unknown {
  const identity = isPlainObject(row) ? row.id : row
  return typeof identity === 'string' || typeof identity === 'number' || typeof identity === 'bigint'
    ? identity
    : undefined
}
