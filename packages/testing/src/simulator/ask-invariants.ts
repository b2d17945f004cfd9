import type { AskOutcome, AskRecord } from './ask.ts'
import type { History } from './history.ts'

/** A rule looks at one call of a server and says what is wrong with it, or nothing. */
type Rule = (ask: AskRecord, history: History) => string | undefined

/** What holds of every call of a server. Its session is all that it has: nothing is sent again in another one. */
const ASK_RULES: Readonly<Record<string, Rule>> = {
  /** Exactly once, unless its process was killed meanwhile. */
  settledOnce: ({ outcomes, asker }) =>
    outcomes.length === 1 || (outcomes.length === 0 && asker.isKilled)
      ? undefined
      : `was settled ${outcomes.length} times`,

  /** By its deadline at the latest; a cancelled one at once. */
  settledInTime: ({ outcomes, calledAt, task, cancelledAt, asker }) => {
    const lateMs = (outcomes[0]?.at ?? 0) - Math.min(calledAt + task.timeoutMs, cancelledAt ?? Number.POSITIVE_INFINITY)
    return lateMs > 1 && asker.isPunctual ? `was settled ${lateMs} ms late` : undefined
  },

  runsOnce: ({ runs }) => (runs.length <= 1 ? undefined : `ran ${runs.length} times`),

  /** `mayHaveRun: false` is a promise: it hasn't and never will. */
  notRunIsTrue: ({ outcomes: [outcome], runs }) =>
    outcome?.error?.mayHaveRun === false && runs.length > 0
      ? `got ${outcome.error.code} that says it hasn't run, and ran`
      : undefined,

  successIsTrue: ({ outcomes: [outcome], runs: [run], task }) => {
    if (outcome === undefined || outcome.error !== undefined || task.kind === 'stream') return undefined
    const { ask } = outcome.result as { readonly ask?: unknown }
    return ask === task.ask && run?.how === 'returned' ? undefined : 'got a result that no run returned'
  },

  errorHasCause: (ask, history) => {
    const ends = [...ask.outcomes, ...ask.endings]
    const odd = ends.find((end) => end.error !== undefined && !(CAUSES[end.error.code]?.(ask, end, history) ?? false))
    return odd === undefined ? undefined : `got ${odd.error?.code} (${odd.error?.message}) for no reason`
  },

  /** A stream gives each item once and in order, has one end, and is never told of a gap: it lives and dies with its session. */
  stream: ({ task, outcomes: [outcome], items, endings, gaps, asker }) => {
    if (task.kind !== 'stream' || outcome === undefined || outcome.error !== undefined) return undefined
    if (items.some((item, index) => item !== index + 1)) return `has the items ${items.join()}`
    if (gaps > 0) return 'was told of a gap'
    if (endings.length !== 1) return asker.isKilled ? undefined : `has a stream that ended ${endings.length} times`
    if (endings[0]?.error !== undefined || items.length === task.items) return undefined
    return `completed after ${items.length} of ${task.items} items`
  },

  /** Whoever is gone has stopped. */
  rest: ({ runs }) =>
    runs.every(({ endedAt }) => endedAt !== undefined) ? undefined : 'has a handler that still runs',
}

/** Why a call of a server may end with an error, by code. */
const CAUSES: Readonly<Record<string, (ask: AskRecord, end: AskOutcome, history: History) => boolean>> = {
  INTERNAL: ({ task }) => task.does === 'throw',
  CONFLICT: ({ task }) => task.does === 'refuse',
  /** By the server's clock, or by its client's, which may have jumped. */
  TIMEOUT: ({ ownDeadline }, { ownAt }, { jumps }) => ownAt >= ownDeadline - 1 || jumps.length > 0,
  CANCELLED: ({ cancelledAt }, { at }) => cancelledAt !== undefined && cancelledAt <= at,
  NOT_SENT: (_ask, { hadEnded, error }) => hadEnded && error?.mayHaveRun === false,
  OUTCOME_UNKNOWN: (_ask, { hadEnded }) => hadEnded,
  SESSION_LOST: ({ task }, { hadEnded }) => hadEnded && task.kind === 'stream',
  QUEUE_FULL: (_ask, _end, { hasLargeAnswers }) => hasLargeAnswers,
}

/** What the history has against the calls of servers. */
export function judgeAsks(history: History): string[] {
  return history.asks.flatMap((ask) =>
    Object.entries(ASK_RULES).flatMap(([name, rule]) => {
      const broken = rule(ask, history)
      return broken === undefined ? [] : [`${name}: ask ${ask.task.ask} (${ask.task.kind}) ${broken}`]
    }),
  )
}
