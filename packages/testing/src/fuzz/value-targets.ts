import { superjsonCodec } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { EXOTIC_VALUES } from './exotic-values.ts'
import { hostileValue, type WireText } from './hostile-values.ts'
import { mutateJson } from './mutate-json.ts'
import { mutateNotes } from './mutate-notes.ts'
import { randomValue } from './random-value.ts'
import { rawJson } from './raw-json.ts'
import type { Round } from './round.ts'
import { isSameValue } from './same-value.ts'
import type { Target } from './target.ts'
import { weigh } from './weigh.ts'

/** Values of one round: then the event loop gets its turn. */
const VALUES = 50

/** Bytes that a decoded value may take for each character that said it. */
const WEIGHT_A_CHARACTER = 16

/** What the codec makes of values that were written by somebody else. */
export const decode: Target = {
  name: 'decode',
  async run(round) {
    for (let left = VALUES; left > 0; left--) decodeOne(round)
    await round.settle()
  },
}

/** What the codec writes for whatever an application hands over, and whether that comes back. */
export const encode: Target = {
  name: 'encode',
  async run(round) {
    for (let left = VALUES; left > 0; left--) encodeOne(round)
    await round.settle()
  },
}

function decodeOne(round: Round): void {
  const {
    json,
    meta,
    attachments = [],
  } = round.random.chance(0.000_2) ? hostileValue(round.random) : strangers(round.random)
  const characters = attachments.reduce((sum, { length }) => sum + length, json.length + meta.length)
  const parsed: unknown = JSON.parse(json)
  const notes: unknown = JSON.parse(meta)
  let value: unknown
  round.give(
    () => `${json} with ${meta}`,
    () => {
      try {
        value = superjsonCodec.decode(parsed, notes, attachments)
      } catch (error) {
        if (!(error instanceof Error)) throw error
      }
    },
  )
  const most = WEIGHT_A_CHARACTER * characters + 1_000
  if (weigh(value, most) > most) round.crash(`it takes more than ${most} bytes, said in ${characters} characters`)
}

/** A value as the codec writes it, then changed. */
function strangers(random: Random): WireText {
  const { json, meta, attachments = [] } = superjsonCodec.encode(randomValue(random))
  const value: unknown[] = [JSON.parse(json)]
  const notes: unknown = meta === undefined ? { values: {}, v: 1 } : JSON.parse(meta)
  if (random.chance(0.5)) mutateJson(value, random, random.integer(1, 2))
  if (random.chance(0.7)) mutateNotes(notes, random)
  return { json: rawJson(value[0]), meta: rawJson(notes), attachments: bytesIn(attachments) }
}

const EXOTIC = Object.keys(EXOTIC_VALUES) as [string, ...string[]] // it has rows

function encodeOne(round: Round): void {
  const { random } = round
  const name = random.chance(0.05) ? random.pick(EXOTIC) : undefined
  const ordinary = randomValue(random)
  const value =
    name === undefined ? ordinary : random.pick([(own: unknown) => own, within(ordinary)])(EXOTIC_VALUES[name]?.())
  round.give(
    () => `${name ?? 'a value'} ${superjsonCodec.encode(ordinary).json}`,
    () => comesBack(round, value, name),
  )
}

function within(ordinary: unknown): (value: unknown) => unknown {
  return (value) => ({ before: ordinary, value, after: [ordinary] })
}

/**
 * An ordinary value comes back as it was. One that an application hands over by mistake may be refused, by name or with
 * whatever its own code throws: the call fails as NOT_ENCODABLE. What is written for it must be readable all the same.
 */
function comesBack(round: Round, value: unknown, name: string | undefined): void {
  let text: ReturnType<typeof superjsonCodec.encode>
  try {
    text = superjsonCodec.encode(value)
  } catch (error) {
    if (name !== undefined && error instanceof Error) return
    throw error
  }
  const { json, meta, attachments = [] } = text
  const notes: unknown = meta === undefined ? undefined : JSON.parse(meta)
  const back = superjsonCodec.decode(JSON.parse(json), notes, bytesIn(attachments))
  if (name?.includes('changes its mind') === true || isSameValue(value, back)) return
  round.crash(`it came back as another value: ${json} with ${meta}`)
}

/** Those that needn't be read first. */
function bytesIn(attachments: readonly unknown[]): Uint8Array[] {
  return attachments.filter((bytes) => bytes instanceof Uint8Array)
}
