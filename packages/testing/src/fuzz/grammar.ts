import {
  type CheckName,
  CONTROL_FRAMES,
  type ControlWord,
  MESSAGES,
  type MessageWord,
  type Shape,
  superjsonCodec,
} from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { attach } from './attached.ts'
import { randomValue } from './random-value.ts'

/** Field values that fit, for one check each: a new check doesn't compile without a row. */
const FITTING: Readonly<Record<CheckName, (random: Random) => unknown>> = {
  count: (random) => random.pick([0, 0, 1, 2, 3, 100]),
  id: (random) => random.pick([1, 1, 2, 3, 4, 5, 9, 100]),
  size: (random) => random.pick([1, 2, 100, 5_000, 32_768, 262_144]),
  itemSize: (random) => random.pick([1, 2, 100, 5_000, 32_768, 1_048_576]),
  lengths: (random) => random.pick([[0], [1, 2], [], [2 ** 53 - 1], [100_000, 100_000]]),
  string: (random) => random.pick(['', 'x', 'INTERNAL', 'CANCELLED', 'CONFLICT', 'SESSION_LOST', 'a longer text']),
  path: (random) =>
    random.pick(['query', 'mutation', 'nested.deeper', 'unknown', 'constructor', '__proto__', 'é'.repeat(128)]),
  eventId: (random) => random.pick(['', '0', '1', '7', 'x'.repeat(256)]),
  durationMs: (random) => random.pick([0, 0.5, 1, 20, 1_000, 30_000, 2_147_483_647]),
  boolean: (random) => random.chance(0.5),
  headers: (random) => random.pick<object>([{}, { a: 'b' }, { constructor: 'x', toString: '' }]),
  record: () => ({}),
  any: (random) => random.pick([undefined, null, 0, 'x', [], {}, { v: 1, values: {} }, { values: ['Date'] }]),
}

/** What a field or a part shall be, where it isn't any that fits. */
export type Wanted = Readonly<Record<string, unknown>>

/** A control frame of the table. */
export function controlOf(word: ControlWord, random: Random, wanted: Wanted = {}): unknown[] {
  const shape: Shape | 'received' | 'nothing' = CONTROL_FRAMES[word]
  if (shape === 'nothing') return [word]
  if (shape !== 'received') return [word, fieldsOf(shape, random, wanted)]
  const received = wanted.received ?? FITTING.count(random)
  return wanted.generation === undefined ? [word, received] : [word, received, wanted.generation]
}

/** As much of a row of the table of messages as it takes to make one. */
interface Row {
  readonly required: readonly (readonly [field: string, check: CheckName])[]
  readonly value: boolean
  readonly fields: Shape | undefined
}

/** A message of the table. `wanted.value` is a value before it is encoded. */
export function messageOf(word: MessageWord, random: Random, wanted: Wanted = {}): unknown[] {
  const row: Row = MESSAGES[word]
  const message: unknown[] = [word, ...row.required.map(([field, check]) => wanted[field] ?? FITTING[check](random))]
  if (!row.value) return row.fields === undefined ? message : [...message, fieldsOf(row.fields, random, wanted)]
  const value = 'value' in wanted ? wanted.value : random.chance(0.7) ? random.integer(0, 9) : randomValue(random)
  const { json, meta, attachments = [] } = superjsonCodec.encode(value)
  const fields = fieldsOf(row.fields ?? {}, random, { ...wanted, meta: undefined })
  if (meta !== undefined) fields.meta = JSON.parse(meta)
  const tail: unknown[] = [JSON.parse(json), ...(Object.keys(fields).length > 0 ? [fields] : [])]
  // What says its size is as long as that.
  const size = row.required.findIndex(([field]) => field === 'size')
  if (size >= 0 && wanted.size === undefined) message[size + 1] = sizeOf(tail, attachments)
  return attach(
    [...message, ...tail],
    attachments.filter((bytes) => bytes instanceof Uint8Array),
  )
}

/** Characters of the text, and bytes beside it. */
function sizeOf(
  tail: readonly unknown[],
  attachments: readonly { readonly size?: number; readonly byteLength?: number }[],
): number {
  return attachments.reduce((sum, { byteLength = 0 }) => sum + byteLength, JSON.stringify(tail).length - 2)
}

/** The fields that must be there, and some of the others. */
function fieldsOf(shape: Shape, random: Random, wanted: Wanted): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [key, check] of Object.entries(shape)) {
    const isOptional = key.endsWith('?')
    const name = isOptional ? key.slice(0, -1) : key
    if (name in wanted) fields[name] = wanted[name]
    else if (!isOptional || random.chance(0.2)) fields[name] = FITTING[check](random)
  }
  return fields
}
