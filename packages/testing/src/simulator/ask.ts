import type { HotlineError } from '@hotline/core'
import type { Random } from './random.ts'

/** What a server asks a client for: a call in the other direction. */
export interface AskPlan {
  readonly kind: 'mutation' | 'stream'
  readonly does: 'answer' | 'throw' | 'refuse' | 'hang'
  readonly delayMs: number
  /** Of a stream. */
  readonly items: number
  readonly timeoutMs: number
  readonly cancelAfterMs?: number
}

/** What travels of it. */
export interface AskTask extends AskPlan {
  /** The number of its record. */
  readonly ask: number
}

/** One run of its handler at a client. */
export interface AskRun {
  readonly client: string
  endedAt: number | undefined
  how: 'returned' | 'stopped' | undefined
}

/** How it, or its stream, has ended at its server. */
export interface AskOutcome {
  readonly result: unknown
  readonly error: HotlineError | undefined
  readonly at: number
  readonly ownAt: number
  /** Whether the session had ended by then. */
  readonly hadEnded: boolean
}

/** A call of a server from both sides. */
export interface AskRecord {
  readonly task: AskTask
  readonly calledAt: number
  /** When its time is up by its process's own clock. */
  readonly ownDeadline: number
  /** Its process. */
  readonly asker: { readonly isKilled: boolean; readonly isPunctual: boolean }
  readonly runs: AskRun[]
  readonly outcomes: AskOutcome[]
  readonly items: number[]
  readonly endings: AskOutcome[]
  gaps: number
  cancelledAt: number | undefined
}

const DOES = { answer: 10, throw: 1, refuse: 1, hang: 2 } as const

export function chooseAsk(random: Random): AskPlan {
  return {
    kind: random.pick(['mutation', 'mutation', 'stream']),
    does: random.weighted(DOES),
    delayMs: random.chance(0.4) ? 0 : random.between(0, random.pick([20, 500, 8_000])),
    items: random.integer(0, 12),
    timeoutMs: random.chance(0.3) ? random.between(1, 5_000) : 30_000,
    ...(random.chance(0.15) ? { cancelAfterMs: random.between(0, random.pick([100, 5_000])) } : {}),
  }
}
