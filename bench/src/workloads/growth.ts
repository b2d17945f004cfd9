import { calls, echoByTurns } from './calls.ts'
import { fanOut } from './fan-out.ts'
import type { Workload } from './workload.ts'

/** The same work with more and more of one thing. */
export interface Growth {
  /** What there is more and more of. */
  readonly of: string
  readonly title: string
  readonly points: readonly number[]
  workload(point: number): Workload
}

/** With more connections than this, the processes of all contenders don't fit into memory together. */
const MOST_TOGETHER = 500

export const GROWTH = {
  connections: {
    of: 'connections',
    title: 'calls, one in flight on each connection',
    points: [1, 10, 100, 1_000, 5_000],
    workload: (connections) =>
      calls(`calls on ${name(connections, 'connection')}`, {
        connections,
        inFlight: 1,
        operations: between(2_000, connections * 200, 20_000),
        isApart: connections > MOST_TOGETHER,
      }),
  },
  procedures: {
    of: 'procedures',
    title: 'calls of so many procedures by turns, 128 in flight',
    points: [10, 100, 1_000],
    workload: (procedures) =>
      calls(`calls of ${name(procedures, 'procedure')}`, {
        connections: 1,
        inFlight: 128,
        operations: 20_000,
        task: { procedures },
        call: echoByTurns(procedures),
      }),
  },
  subscribers: {
    of: 'subscribers',
    title: 'an event to so many subscribers, one at a time',
    points: [1, 10, 100, 1_000, 10_000],
    workload: (subscribers) =>
      fanOut(`an event to ${name(subscribers, 'subscriber')}`, {
        subscribers,
        burst: 1,
        operations: between(2_000, subscribers * 200, 30_000),
        isApart: subscribers > MOST_TOGETHER,
      }),
  },
} as const satisfies Record<string, Growth>

export type GrowthName = keyof typeof GROWTH

// `Object.keys` gives strings; these are the table's own.
export const GROWTH_NAMES = Object.keys(GROWTH) as GrowthName[]

function name(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}

function between(least: number, wanted: number, most: number): number {
  return Math.min(Math.max(least, wanted), most)
}
