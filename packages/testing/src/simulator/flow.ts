import type { HotlineError } from '@hotline/core'
import type { Random } from './random.ts'
import type { SimulatedEnvironment } from './simulated-environment.ts'

/** `flood`: a subscription. `upload`: a mutation with items. `both`: a subscription that gives each of its items back. */
type FlowKind = 'flood' | 'upload' | 'both'

/** How somebody reads a stream. */
export interface Pace {
  /** For each item. */
  readonly everyMs: number
  /** Stops for a while once it has read so many; 0: never. */
  readonly stallAfter: number
  readonly stallMs: number
}

/** A stream whose items are so large, and whose reader so slow, that its credit runs out. What both ends do of it; 0 means never. */
export interface FlowTask {
  /** The number of its record. */
  readonly flow: number
  readonly kind: FlowKind
  /** What the source gives, of how many characters each, and how long it takes for each. */
  readonly items: number
  readonly characters: number
  readonly everyMs: number
  /** The item that isn't one, and the item before which the source fails. */
  readonly badItem: number
  readonly failsAt: number
  /** What the handler of an upload does with its items. */
  readonly does: 'read' | 'leave' | 'ignore' | 'throw'
  readonly server: Pace
  readonly client: Pace
  /** After so many items the client's reader leaves. */
  readonly leaveAfter: number
}

/** A flow before it is begun. */
export interface FlowPlan {
  readonly task: Omit<FlowTask, 'flow'>
  /** Left out, the client's default. */
  readonly timeoutMs: number | undefined
  readonly cancelAfterMs: number | undefined
  /** The weather has cleared up: it has to go on to its end. */
  readonly isProbe: boolean
}

/** One run of a flow's handler. */
export interface FlowRun {
  readonly process: number
  readonly beganAt: number
  /** The items that it was given. */
  readonly items: number[]
  /** Whether it was told that there are no more. */
  sawEnd: boolean
  endedAt: number | undefined
}

/** What a client's source was asked for. */
interface SourceRecord {
  /** How often its iterator was made. */
  begun: number
  /** When it was first asked for an item. */
  firstAskedAt: number | undefined
  given: number
  /** When it said that there is no more, or failed. */
  endedAt: number | undefined
  returns: number
}

/** How a call, or the stream that it gave, ended at its client. */
export interface FlowEnd {
  readonly at: number
  readonly ownAt: number
  readonly error: HotlineError | undefined
}

/** A flow from both sides. */
export interface FlowRecord {
  readonly task: FlowTask
  readonly client: string
  readonly environment: SimulatedEnvironment
  readonly calledAt: number
  /** Its deadline by its client's own clock, if it doesn't go on. */
  readonly ownDeadline: number
  readonly plan: FlowPlan
  readonly runs: FlowRun[]
  readonly source: SourceRecord
  /** How its call was settled. More than one is a violation. */
  readonly outcomes: (FlowEnd & { readonly result: unknown })[]
  /** What came out of its stream. */
  readonly items: number[]
  readonly gaps: number[]
  readonly endings: FlowEnd[]
  hasLeft: boolean
  cancelledAt: number | undefined
}

const KINDS = { flood: 3, upload: 4, both: 2 } as const
const DOES = { read: 10, leave: 2, ignore: 1, throw: 1 } as const

/** One flow, as likely as the tables above say. */
export function chooseFlow(random: Random): FlowPlan {
  const kind = random.weighted(KINDS)
  const items = random.integer(1, random.pick([4, 12]))
  const hasItems = kind !== 'flood'
  const some = (share: number) => (random.chance(share) ? random.integer(1, items) : 0)
  return {
    task: {
      kind,
      items,
      characters: random.pick([5, 4_000, 9_000, 36_000, 120_000]),
      everyMs: random.pick([0, 0, 30, 400]),
      badItem: hasItems ? some(0.06) : 0,
      failsAt: hasItems ? some(0.06) : 0,
      does: hasItems ? random.weighted(DOES) : 'read',
      server: paceOf(random),
      client: paceOf(random),
      leaveAfter: kind === 'upload' ? 0 : some(0.15),
    },
    timeoutMs: random.chance(0.1) ? random.between(1, 3_000) : undefined,
    cancelAfterMs: random.chance(0.12) ? random.pick([0, random.between(0, 200), random.between(0, 5_000)]) : undefined,
    isProbe: false,
  }
}

function paceOf(random: Random): Pace {
  const everyMs = random.pick([0, 0, 20, 250])
  if (random.chance(0.6)) return { everyMs, stallAfter: 0, stallMs: 0 }
  return { everyMs, stallAfter: random.integer(1, 6), stallMs: random.between(50, random.pick([500, 9_000])) }
}

/** Everybody does what they should, and stops for a while: it needs several windows. */
export function probeFlow(random: Random): FlowPlan {
  const pace = { everyMs: 0, stallAfter: random.integer(1, 6), stallMs: 400 }
  return {
    task: {
      kind: random.pick(['flood', 'upload', 'both']),
      items: 8,
      characters: 12_000,
      everyMs: 0,
      badItem: 0,
      failsAt: 0,
      does: 'read',
      server: pace,
      client: pace,
      leaveAfter: 0,
    },
    timeoutMs: 110_000,
    cancelAfterMs: undefined,
    isProbe: true,
  }
}

/** What a flow's reader waits before the next item, when it has read so many. */
export function waitAfter({ everyMs, stallAfter, stallMs }: Pace, read: number): number {
  return read === stallAfter ? stallMs : everyMs
}

/** An item's text. Its number stands in front. */
export function flowItem(item: number, { characters, badItem }: FlowTask): string {
  return item === badItem ? BAD_ITEM : `${item}:${'x'.repeat(characters)}`
}

/** Refused by the schema of items. */
export const BAD_ITEM = 'bad'

export function numberOf(item: string): number {
  return Number.parseInt(item, 10)
}
