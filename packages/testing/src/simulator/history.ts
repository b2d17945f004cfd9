import type { HotlineError } from '@hotline/core'

/** What a call's handler is asked to do. */
export interface Task {
  /** The number of its record. */
  readonly call: number
  readonly does: 'answer' | 'throw' | 'refuse' | 'unencodable' | 'hang'
  readonly delayMs: number
  /** Characters that the answer carries for nothing. */
  readonly padding: number
  /** Items of a subscription, and the time between two. */
  readonly items: number
  readonly everyMs: number
}

export type OperationKind = 'query' | 'mutation' | 'idempotent' | 'tracked' | 'untracked'

/** One run of a call's handler. */
export interface Run {
  readonly process: number
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
  readonly client: string
  readonly kind: OperationKind
  readonly task: Task
  readonly timeoutMs: number
  /** Whether it carries an idempotency key. */
  readonly isKeyed: boolean
  readonly calledAt: number
  readonly runs: Run[]
  /** More than one is a violation. */
  readonly outcomes: (Outcome & { readonly at: number })[]
  cancelledAt: number | undefined
  stream: StreamRecord | undefined
}

/** A time in which a client had to fear for what was on its line: from when the line broke until it had another one. */
export interface Loss {
  readonly client: string
  readonly from: number
  to: number
}

/** All that happened in a run, for the invariants to judge. */
export interface History {
  readonly calls: CallRecord[]
  readonly losses: Loss[]
  /** When a client closed, or its process went away. */
  readonly closedAt: Map<string, number>
  /** Clients whose credentials were refused until somebody told them to connect. */
  readonly refused: Set<string>
  /** Numbers of the calls made when the weather had cleared: each has to be answered. */
  readonly probes: number[]
  /** What went wrong, found while it ran. */
  readonly violations: string[]
}

export function newHistory(): History {
  return { calls: [], losses: [], closedAt: new Map(), refused: new Set(), probes: [], violations: [] }
}

/** Losses of a client that touch the time from `from` to `to`. */
export function lossesDuring({ losses }: History, client: string, from: number, to: number): number {
  return losses.filter((loss) => loss.client === client && loss.from <= to && loss.to >= from).length
}

/** Losses that a client hasn't got over yet. */
export function lossesOpen({ losses }: History, client: string): Loss[] {
  return losses.filter((loss) => loss.client === client && loss.to === Number.POSITIVE_INFINITY)
}
