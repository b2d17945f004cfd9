import { type CallRecord, type History, lossesDuring, type Outcome } from './history.ts'
import { judgeStream } from './stream-invariants.ts'

/** A rule looks at one call and says what is wrong with it, or nothing. */
type Rule = (call: CallRecord, history: History) => string | undefined

/** What holds of every call, whatever happened on the line. */
const CALL_RULES: Readonly<Record<string, Rule>> = {
  /** Every call is settled exactly once. */
  settledOnce: ({ outcomes }) =>
    outcomes.length === 1 ? undefined : `was settled ${outcomes.length} times: ${outcomes.map(nameOf).join(', ')}`,

  /** By its deadline at the latest; a cancelled one at once. */
  settledInTime: ({ outcomes, calledAt, timeoutMs, cancelledAt }) => {
    const [outcome] = outcomes
    if (outcome === undefined) return undefined
    const lateMs = outcome.at - Math.min(calledAt + timeoutMs, cancelledAt ?? Number.POSITIVE_INFINITY)
    return lateMs > 1 ? `was settled ${lateMs} ms late` : undefined
  },

  /** A success that is seen is a result that a run of its own handler returned. */
  successIsTrue: ({ outcomes, runs, task, kind }) => {
    const [outcome] = outcomes
    if (outcome?.name !== 'result' || isSubscription(kind)) return undefined
    // Checked field by field, since it may be anything where something is wrong.
    const value = outcome.value as { call?: unknown; run?: number; padding?: string } | null
    const run = runs[value?.run ?? -1]
    const isTrue = run?.how === 'returned' && value?.call === task.call && value.padding?.length === task.padding
    return isTrue && task.does === 'answer' ? undefined : `got a result that no run returned`
  },

  /** A mutation runs once at most, one with a key once in each process, since keys are kept in memory here; what may run again does so only where its client lost a session meanwhile. */
  runsOnce: (call, history) => {
    const { runs, kind, client, calledAt, isKeyed } = call
    if (runs.length < 2) return undefined
    const processes = new Set(runs.map((run) => run.process)).size
    if (isKeyed && runs.length > processes) return `has a key and ran ${runs.length} times in ${processes} processes`
    if (kind === 'mutation' && !isKeyed) return `is a mutation and ran ${runs.length} times`
    const losses = lossesDuring(history, client, calledAt, runs.at(-1)?.beganAt ?? calledAt)
    return runs.length <= 1 + losses ? undefined : `ran ${runs.length} times with ${losses} lost sessions`
  },

  /** `mayHaveRun: false` is a promise: it hasn't and never will. */
  notRunIsTrue: ({ outcomes, runs, kind }) => {
    const [outcome] = outcomes
    if (outcome?.name !== 'error' || outcome.error.mayHaveRun || runs.length === 0 || isSubscription(kind))
      return undefined
    return `got ${outcome.error.code} that says it hasn't run, and ran ${runs.length} times`
  },

  /** Each error has its cause. */
  errorHasCause: (call, history) => {
    const [outcome] = call.outcomes
    if (outcome?.name !== 'error') return undefined
    return hasCause(outcome.error.code, outcome.at, call, history) ? undefined : `got ${nameOf(outcome)} for no reason`
  },

  stream: (call, history) => (call.stream === undefined ? undefined : judgeStream(call, call.stream, history)),
}

/** What the run's history has against it. */
export function judge(history: History): string[] {
  return history.calls.flatMap((call) =>
    Object.entries(CALL_RULES).flatMap(([name, rule]) => {
      const broken = rule(call, history)
      return broken === undefined ? [] : [`${name}: call ${call.task.call} (${call.client}, ${call.kind}) ${broken}`]
    }),
  )
}

/** Why a call may end with an error, by code. A code that isn't here may not be seen at all. */
const CAUSES: Readonly<Record<string, (call: CallRecord, history: History, at: number) => boolean>> = {
  INTERNAL: ({ task, runs }) => (task.does === 'throw' || task.does === 'unencodable') && runs.length > 0,
  NOT_ENCODABLE: ({ task, runs }) => task.does === 'unencodable' && runs.length > 0,
  CONFLICT: ({ task, runs }) => task.does === 'refuse' && runs.length > 0,
  TIMEOUT: ({ calledAt, timeoutMs }, _history, at) => at >= calledAt + timeoutMs,
  CANCELLED: ({ cancelledAt }, _history, at) => cancelledAt !== undefined && cancelledAt <= at,
  CLOSED: ({ client }, { closedAt }, at) => (closedAt.get(client) ?? Number.POSITIVE_INFINITY) <= at,
  UNAUTHORIZED: ({ client }, { refused }) => refused.has(client),
  OUTCOME_UNKNOWN: ({ client, calledAt }, history, at) =>
    lossesDuring(history, client, calledAt, at) > 0 || history.refused.has(client),
}

function hasCause(code: string, at: number, call: CallRecord, history: History): boolean {
  return CAUSES[code]?.(call, history, at) ?? false
}

function isSubscription(kind: CallRecord['kind']): boolean {
  return kind === 'tracked' || kind === 'untracked'
}

function nameOf(outcome: Outcome): string {
  if (outcome.name === 'result') return 'a result'
  const { code, message } = outcome.error
  return `${code} (${message})`
}
