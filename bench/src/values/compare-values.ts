import { type Codec, createCodec } from '@hotline/server'
import { median } from '../statistics.ts'
import { SAMPLES, type Sample } from './samples.ts'

const codec = createCodec()

/** Rounds before any is counted, until the engine has compiled what is measured. */
const WARM_UP = 5

/** A line for each sample: what the codec costs, written and read, against `JSON.stringify` and `JSON.parse`. */
export function compareValues(rounds: number): string {
  const lines = SAMPLES.map((sample) => {
    for (let round = 0; round < WARM_UP; round++) turn(sample)
    const turns = Array.from({ length: rounds }, () => turn(sample))
    const micros = (of: 'json' | 'hotline') => median(turns.map((taken) => taken[of] / sample.times)).toFixed(1)
    const ratio = median(turns.map(({ json, hotline }) => hotline / json)).toFixed(2)
    return `  ${sample.title}: JSON ${micros('json')} µs, hotline ${micros('hotline')} µs, x JSON ${ratio}`
  })
  return `values, written and read, CPU\n${lines.join('\n')}\n`
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
