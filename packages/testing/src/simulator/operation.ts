import { chooseAsk } from './ask.ts'
import type { Conditions } from './conditions.ts'
import type { OperationKind, Task } from './history.ts'
import type { Random } from './random.ts'

/** Something that a client's application does, once. */
export interface Operation {
  readonly kind: OperationKind
  readonly task: Omit<Task, 'call'>
  /** Its idempotency key: its own, that of an earlier call with the same input or with another one, or none. */
  readonly key: 'none' | 'own' | 'same' | 'conflicting'
  /** Left out, the client's default. */
  readonly timeoutMs: number | undefined
  /** Its signal aborts this long after the call; 0 before it. */
  readonly cancelAfterMs: number | undefined
  /** How a subscription's items are read. */
  readonly reading: {
    readonly by: 'loop' | 'observer'
    /** How long the application takes for each item. */
    readonly pauseMs: number
    readonly leaveAfter: number | undefined
  }
}

const KINDS = { query: 4, mutation: 4, idempotent: 3, tracked: 2, untracked: 1 } as const
const KEYS = { none: 14, own: 3, same: 3, conflicting: 1 } as const
const DOES = { answer: 12, throw: 1, refuse: 1, unencodable: 1, hang: 1 } as const

/** One operation, as likely as the tables above say. */
export function chooseOperation(random: Random, { hasLargeAnswers }: Pick<Conditions, 'hasLargeAnswers'>): Operation {
  const kind = random.weighted(KINDS)
  return {
    kind,
    key: kind === 'mutation' ? random.weighted(KEYS) : 'none',
    task: {
      does: random.weighted(DOES),
      delayMs: random.chance(0.4) ? 0 : random.between(0, random.pick([20, 500, 8_000])),
      padding: paddingOf(random, hasLargeAnswers),
      bytes: bytesOf(random),
      items: random.integer(0, random.pick([3, 30])),
      everyMs: random.pick([0, 10, 300, 2_000]),
      ...(random.chance(0.15) ? { asks: chooseAsk(random) } : {}),
    },
    timeoutMs: random.chance(0.2) ? random.between(1, 5_000) : undefined,
    cancelAfterMs: random.chance(0.15) ? random.pick([0, random.between(0, 100), random.between(0, 5_000)]) : undefined,
    reading: {
      by: random.pick(['loop', 'observer']),
      pauseMs: random.chance(0.2) ? random.between(0, 400) : 0,
      leaveAfter: random.chance(0.3) ? random.integer(1, 5) : undefined,
    },
  }
}

function paddingOf(random: Random, isLarge: boolean): number {
  if (isLarge) return random.integer(200_000, 900_000)
  return random.chance(0.03) ? random.integer(10_000, 90_000) : random.integer(0, 40)
}

/** Most calls carry none; few carry more than fits into one frame. */
function bytesOf(random: Random): number {
  if (random.chance(0.8)) return 0
  return random.chance(0.1) ? random.integer(20_000, 100_000) : random.integer(1, random.pick([10, 5_000]))
}

/** Asked when the weather has cleared up: whoever can't be answered then is stuck. */
export const PROBE: Operation = {
  kind: 'query',
  key: 'none',
  task: { does: 'answer', delayMs: 0, padding: 0, bytes: 0, items: 0, everyMs: 0 },
  timeoutMs: 110_000,
  cancelAfterMs: undefined,
  reading: { by: 'loop', pauseMs: 0, leaveAfter: undefined },
}
