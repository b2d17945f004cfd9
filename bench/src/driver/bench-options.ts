import { parseArgs } from 'node:util'
import { CONTENDER_NAMES, CONTENDERS, type ContenderName, QUICK_NAMES } from '../contenders/contenders.ts'
import { GROWTH_NAMES } from '../workloads/growth.ts'
import { IDLE, TABLE_NAMES } from '../workloads/workloads.ts'

/** What a run measures. */
export interface BenchOptions {
  readonly contenders: readonly ContenderName[]
  /** The names in `SECTIONS` that it runs. */
  readonly sections: readonly string[]
  readonly rounds: number
  readonly scale: number
  /** Points of a growth that are larger are left out. */
  readonly most: number
  readonly profileTo: string | undefined
  readonly needsPeers: boolean
  /** Everyone, and everything but what was left out by hand: what the pages are made from. */
  readonly isFull: boolean
  /** What one types to measure the same again. */
  readonly command: string
  /** Nothing is measured: the pages are made from the results that are there. */
  readonly onlyPages: boolean
}

/** What `--only` may name, in the order of a run. */
const SECTIONS: readonly string[] = [...TABLE_NAMES, IDLE, ...GROWTH_NAMES, 'values', 'types']

/** It measures nothing. */
const PAGES = 'pages'

/** A minute has no time for them. */
const NOT_QUICK: readonly string[] = [...GROWTH_NAMES, 'types']

/** @throws Error for an option that isn't one, or a name that nothing has. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      only: { type: 'string' },
      skip: { type: 'string' },
      with: { type: 'string' },
      rounds: { type: 'string' },
      scale: { type: 'string' },
      most: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const { quick } = values
  const contenders = contendersOf(values.with, quick && !values.peers ? QUICK_NAMES : CONTENDER_NAMES)
  const skipped = values.skip?.split(',').map((name) => oneOf(name, SECTIONS, '--skip')) ?? []
  const unnamed = quick ? SECTIONS.filter((name) => !NOT_QUICK.includes(name)) : SECTIONS
  const sections = values.only === undefined ? unnamed : [oneOf(values.only, [...SECTIONS, PAGES], '--only')]
  return {
    contenders,
    sections: sections.filter((name) => !skipped.includes(name)),
    rounds: numberOf(values.rounds, quick ? 3 : 7),
    scale: numberOf(values.scale, quick ? 0.5 : 1),
    most: numberOf(values.most, Number.POSITIVE_INFINITY),
    profileTo: values.profile,
    command: `npm run bench${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`,
    needsPeers: contenders.some((name) => CONTENDERS[name].isPeer),
    isFull: !quick && values.only === undefined && values.with === undefined,
    onlyPages: values.only === PAGES,
  }
}

function numberOf(given: string | undefined, otherwise: number): number {
  const number = given === undefined ? otherwise : Number(given)
  if (number > 0) return number
  throw new Error(`"${given}" is no number above 0.`)
}

/** Always with the yardstick, which comes first. */
function contendersOf(names: string | undefined, unnamed: readonly ContenderName[]): readonly ContenderName[] {
  if (names === undefined) return unnamed
  const chosen = names.split(',').map((name) => oneOf(name, CONTENDER_NAMES, '--with'))
  return CONTENDER_NAMES.filter((name) => name === 'ws' || chosen.includes(name))
}

function oneOf<Name extends string>(given: string, names: readonly Name[], option: string): Name {
  const found = names.find((name) => name === given)
  if (found === undefined)
    throw new Error(`"${option}" has an unknown name "${given}": choose from ${names.join(', ')}.`)
  return found
}
