import type { Change, Members, Piece } from './change.ts'
import { isPlainObject } from './plain-object.ts'

/**
 * The value after a change. Changes nothing in the one before: what is different is made anew, and every part that isn't
 * is the very same object as before.
 * @throws TypeError for a change that isn't one of this value.
 */
export function patch(before: unknown, change: Change): unknown {
  if ('is' in change) return change.is
  if ('in' in change) return patchMembers(before, change)
  if (!Array.isArray(before)) throw doesNotFit('rows', before)
  return patchRows(before, change.rows)
}

function patchMembers(before: unknown, { in: changed, out = [] }: Members): unknown {
  if (!isPlainObject(before)) throw doesNotFit('members', before)
  const after = { ...before }
  for (const name of out) delete after[name]
  for (const [name, change] of Object.entries(changed)) {
    const value = patch(Object.hasOwn(before, name) ? before[name] : undefined, change)
    // Defined, not assigned: a member may be called `__proto__`.
    Object.defineProperty(after, name, { value, writable: true, enumerable: true, configurable: true })
  }
  return after
}

function patchRows(before: readonly unknown[], pieces: readonly Piece[]): unknown[] {
  const after: unknown[] = []
  let taken = 0
  for (const piece of pieces) {
    if ('new' in piece) {
      for (const row of piece.new) after.push(row)
      continue
    }
    const [first, count] = 'row' in piece ? [piece.row, 1] : piece
    taken += count
    // A row is taken once at most, so that a small change can't make a value without end.
    if (!isWithin(before, first, count) || taken > before.length) {
      throw new TypeError(`A change takes ${count} rows from ${first} of an array of ${before.length}.`)
    }
    if ('row' in piece) after.push(patch(before[first], piece.to))
    else for (let index = first; index < first + count; index++) after.push(before[index])
  }
  return after
}

function isWithin({ length }: readonly unknown[], first: number, count: number): boolean {
  return (
    Number.isSafeInteger(first) && Number.isSafeInteger(count) && first >= 0 && count >= 0 && first + count <= length
  )
}

function doesNotFit(what: string, before: unknown): TypeError {
  return new TypeError(`A change of ${what} doesn't fit what is there, of type ${typeof before}.`)
}
