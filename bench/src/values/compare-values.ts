import { type Codec, createCodec } from '@hotline/server'
import { median } from '../statistics.ts'
import { SAMPLES, type Sample } from './samples.ts'

/** What a value costs, written and read, in microseconds of CPU. */
export interface ValueFigures {
  readonly title: string
  readonly json: number
  readonly hotline: number
  readonly ratio: number
}

const codec = createCodec()

/** Rounds before any is counted, until the engine has compiled what is measured. */
const WARM_UP = 5

/** What the codec costs for each sample, against `JSON.stringify` and `JSON.parse`. */
export function compareValues(rounds: number): readonly ValueFigures[] {
  return SAMPLES.map((sample) => {
    for (let round = 0; round < WARM_UP; round++) turn(sample)
    const turns = Array.from({ length: rounds }, () => turn(sample))
    const micros = (of: 'json' | 'hotline') => tenths(median(turns.map((taken) => taken[of] / sample.times)))
    const ratio = Math.round(median(turns.map(({ json, hotline }) => hotline / json)) * 100) / 100
    return { title: sample.title, json: micros('json'), hotline: micros('hotline'), ratio }
  })
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

/** One round of each, right behind each other: both meet the same machine. */
function turn(sample: Sample): { readonly json: number; readonly hotline: number } {
  return {
    json: cpuOf(sample, () => JSON.parse(JSON.stringify(sample.plain))),
    hotline: cpuOf(sample, () => across(codec, sample.value)),
  }
}

function cpuOf({ title, times, isRight }: Sample, send: () => unknown): number {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time++) {
    if (!isRight(send())) throw new Error(`"${title}" came back as something else.`)
  }
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function across({ encode, decode }: Codec, value: unknown): unknown {
  const { json, meta } = encode(value)
  return decode(JSON.parse(json), meta === undefined ? undefined : JSON.parse(meta))
}
