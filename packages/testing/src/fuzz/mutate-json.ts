import type { Random } from '../simulator/random.ts'
import { ODD_NAMES, ODD_NUMBERS, oddValue } from './odd-values.ts'
import { Raw } from './raw-json.ts'

/** A place in a value: its holder, and the key or the index there. */
interface Slot {
  readonly holder: unknown[] | Record<string, unknown>
  readonly key: string | number
}

/** Places that are looked at, so that a change costs the same in large values. */
const MAX_SLOTS = 200

type Change = (slot: Slot, random: Random, slots: readonly Slot[]) => void

/** What may be done to a place, with how often it is. */
const CHANGES: Readonly<Record<string, readonly [weight: number, change: Change]>> = {
  replace: [6, (slot, random) => put(slot, oddValue(random))],
  nudge: [6, (slot, random) => put(slot, nudged(read(slot), random))],
  remove: [3, remove],
  repeat: [3, repeat],
  exchange: [3, exchange],
  wrap: [1, (slot, random) => put(slot, random.chance(0.5) ? [read(slot)] : { [random.pick(ODD_NAMES)]: read(slot) })],
  rename: [2, rename],
  shuffle: [1, ({ holder }, random) => Array.isArray(holder) && shuffle(holder, random)],
  lengthen: [1, ({ holder }, random) => Array.isArray(holder) && holder.push(oddValue(random))],
}

const WEIGHTS = Object.fromEntries(Object.entries(CHANGES).map(([name, [weight]]) => [name, weight]))

/** Changes a value that JSON can say, in place, at `times` places; the root stays what it is. */
export function mutateJson(root: unknown, random: Random, times = 1): void {
  for (; times > 0; times--) {
    const slots = slotsOf(root)
    const [first, ...rest] = slots
    if (first === undefined) return
    const [, change] = CHANGES[random.weighted(WEIGHTS)] ?? []
    change?.(random.pick([first, ...rest]), random, slots)
  }
}

function slotsOf(root: unknown): Slot[] {
  const slots: Slot[] = []
  const rest: unknown[] = [root]
  for (let holder = rest.shift(); holder !== undefined && slots.length < MAX_SLOTS; holder = rest.shift()) {
    if (typeof holder !== 'object' || holder === null || holder instanceof Raw) continue
    // What JSON can say is an array or a record here.
    const place = holder as unknown[] | Record<string, unknown>
    const keys = Array.isArray(place) ? place.keys() : Object.keys(place)
    for (const key of keys) {
      if (slots.length === MAX_SLOTS) break
      const slot = { holder: place, key }
      slots.push(slot)
      rest.push(read(slot))
    }
  }
  return slots
}

function read({ holder, key }: Slot): unknown {
  return (holder as Record<string | number, unknown>)[key]
}

/** As a name of its own, whatever the name is. */
function put({ holder, key }: Slot, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

function remove({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function repeat(slot: Slot, random: Random): void {
  const { holder, key } = slot
  const copies = random.pick([1, 1, 1, 2, 20])
  if (!Array.isArray(holder)) return put({ holder, key: random.pick(ODD_NAMES) }, read(slot))
  holder.splice(Number(key), 0, ...Array.from({ length: copies }, () => read(slot)))
}

function exchange(slot: Slot, random: Random, slots: readonly Slot[]): void {
  const other = slots[random.integer(0, slots.length - 1)] ?? slot
  const [one, two] = [read(slot), read(other)]
  // Into itself it would have no end.
  if (typeof one === 'object' || typeof two === 'object') return put(slot, oddValue(random))
  put(slot, two)
  put(other, one)
}

function rename({ holder, key }: Slot, random: Random): void {
  if (Array.isArray(holder)) return put({ holder, key }, random.pick(ODD_NAMES))
  const value = read({ holder, key })
  delete holder[key]
  put({ holder, key: random.pick(ODD_NAMES) }, value)
}

function shuffle(entries: unknown[], random: Random): void {
  for (let left = entries.length - 1; left > 0; left--) {
    const other = random.integer(0, left)
    const entry = entries[left]
    entries[left] = entries[other]
    entries[other] = entry
  }
}

/** A little more or less of the same. */
function nudged(value: unknown, random: Random): unknown {
  if (typeof value === 'number') {
    return random.pick([
      value + 1,
      value - 1,
      -value,
      value * 2,
      value + 2,
      value + 256,
      new Raw(random.pick(ODD_NUMBERS)),
    ])
  }
  if (typeof value === 'string') {
    const at = random.integer(0, value.length)
    return random.pick([
      value.slice(0, at),
      value.slice(at),
      value + value,
      `${value.slice(0, at)}${random.pick(ODD_NAMES)}${value.slice(at)}`,
      value.toUpperCase(),
      Number(value),
    ])
  }
  if (typeof value === 'boolean') return !value
  return oddValue(random)
}
