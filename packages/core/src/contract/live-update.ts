import type { Change } from '../patch/change.ts'
import { diff } from '../patch/diff.ts'
import { patch } from '../patch/patch.ts'
import { weigh } from '../patch/weigh.ts'

/** An item of a live query: the whole value, or what changed since the last one. The first one has the value. */
export type LiveUpdate<Value> =
  | { readonly value: Value; readonly patch?: never }
  | { readonly patch: Change; readonly value?: never }

/** What leads from one value to the next: the smaller of both; nothing where they are the same. */
export function updateOf<Value>(before: Value, after: Value): LiveUpdate<Value> | undefined {
  const change = diff(before, after)
  if (change === undefined) return undefined
  if ('is' in change) return { value: after }
  const size = weigh(change, Number.POSITIVE_INFINITY)
  return weigh(after, size + 1) > size ? { patch: change } : { value: after }
}

/**
 * The value after an update of it: `value = applyUpdate(value, update)`, for each one in order, beginning with
 * `undefined`. It changes nothing in `before`, and what is the same in both is the very same object.
 * @throws TypeError for a patch of another value.
 */
export function applyUpdate<Value>(before: Value | undefined, update: LiveUpdate<Value>): Value {
  // A patch of a value gives a value of the same type: it was made from two of them.
  return update.patch === undefined ? (update.value as Value) : (patch(before, update.patch) as Value)
}
