import type { HotlineError } from '@hotline/core'
import type { AskPlan, AskRecord } from './ask.ts'
import type { Conditions } from './conditions.ts'
import type { FlowRecord } from './flow.ts'

/** What a call's handler is asked to do. */
export interface Task {
  /** The number of its record; calls that share a key may share their task too. */
  readonly call: number
  readonly does: 'answer' | 'throw' | 'refuse' | 'unencodable' | 'hang'
  readonly delayMs: number
  /** Characters that the answer carries for nothing. */
  readonly padding: number
  /** Bytes that the input and the answer carry: see `payload`. */
  readonly bytes: number
  /** Items of a subscription, and the time between two. */
  readonly items: number
  readonly everyMs: number
  /** What its handler asks the client for first. */
  readonly asks?: AskPlan
}

export type OperationKind = 'query' | 'mutation' | 'idempotent' | 'tracked' | 'untracked'

/** One run of a call's handler. */
export interface Run {
  readonly process: number
  /** Whom it ran for. */
  readonly principal: string
  readonly beganAt: number
  /** For a subscription, when its `finally` ran. `undefined` while it runs, and for ever where its process was killed. */
  endedAt: number | undefined
  how: 'returned' | 'threw' | 'refused' | 'aborted' | undefined
}

export type Outcome =
  | { readonly name: 'result'; readonly value: unknown }
  | { readonly name: 'error'; readonly error: HotlineError }

/** What came out of a stream. */
export interface StreamRecord {
  readonly items: number[]
  /** After how many items a gap was told. */
  readonly gaps: number[]
  ending: { readonly name: 'complete' | 'left' } | { readonly name: 'error'; readonly code: string } | undefined
  endings: number
}

/** A call from both sides: what its client saw, and what its handlers did. */
export interface CallRecord {
  readonly number: number
  readonly client: string
  readonly kind: OperationKind
  readonly task: Task
  readonly timeoutMs: number
  /** Whom its client was when it was made. */
  readonly principal: string
  /** Its idempotency key, if it has one. */
  readonly key: string | undefined
  readonly calledAt: number
  /** When its time is up by its client's own clock. */
  readonly ownDeadline: number
  /** The runs of its task: the same for all calls that share it. */
  readonly runs: Run[]
  /** More than one is a violation. */
  readonly outcomes: (Outcome & { readonly at: number; readonly ownAt: number })[]
  cancelledAt: number | undefined
  stream: StreamRecord | undefined
}

/** A time in which a client had to fear for what was on its line: from when the line broke until it had another one. */
export interface Loss {
  readonly client: string
  readonly from: number
  to: number
}

/** A time in which a client's process stood still. */
interface Stop {
  readonly client: string
  readonly from: number
  readonly to: number
}

/** All that happened in a run, for the invariants to judge. */
export interface History extends Pick<Conditions, 'queueCharacters' | 'hasLargeAnswers'> {
  readonly areKeysDurable: boolean
  readonly calls: CallRecord[]
  /** What servers have called. */
  readonly asks: AskRecord[]
  readonly flows: FlowRecord[]
  readonly losses: Loss[]
  readonly stops: Stop[]
  /** When a client's clock went on without its timers: from then on those set before are late. */
  readonly jumps: { readonly client: string; readonly at: number; readonly byMs: number }[]
  /** When clients were told that their server goes away. */
  readonly moves: { readonly client: string; readonly at: number }[]
  /** Clients whose connection broke, by the times at which it did. */
  readonly cuts: { readonly client: string; readonly at: number }[]
  /** When a client closed, or its process went away. */
  readonly closedAt: Map<string, number>
  /** Clients whose credentials were refused until somebody told them to connect. */
  readonly refused: Set<string>
  /** Numbers of the calls made when the weather had cleared: each has to be answered. */
  /** When a server's clock went on without its timers: it may take a call's time for over. */
  readonly serverJumps: number[]
  readonly probes: number[]
  /** What went wrong, found while it ran. */
  readonly violations: string[]
}

export function newHistory({ keys, queueCharacters, hasLargeAnswers }: Conditions): History {
  const lists = {
    calls: [],
    asks: [],
    flows: [],
    losses: [],
    stops: [],
    jumps: [],
    moves: [],
    cuts: [],
    serverJumps: [],
    probes: [],
    violations: [],
  }
  const terms = { areKeysDurable: keys === 'durable', queueCharacters, hasLargeAnswers }
  return { ...terms, ...lists, closedAt: new Map(), refused: new Set() }
}

/** Losses of a client that touch the time from `from` to `to`. */
export function lossesDuring({ losses }: History, client: string, from: number, to: number): number {
  return losses.filter((loss) => loss.client === client && loss.from <= to && loss.to >= from).length
}

/** Calls that have the same key, by the same name of its owner or another: all of them, this one too. */
export function kinOf({ calls }: History, call: CallRecord): readonly CallRecord[] {
  return call.key === undefined ? [call] : calls.filter(({ key }) => key === call.key)
}

/** Losses that a client hasn't got over yet. */
export function lossesOpen({ losses }: History, client: string): Loss[] {
  return losses.filter((loss) => loss.client === client && loss.to === Number.POSITIVE_INFINITY)
}
