import { type CallRecord, type History, kinOf, lossesDuring, type Outcome, type Run } from './history.ts'
import { isPayload } from './payload.ts'
import { judgeStream } from './stream-invariants.ts'

/** A rule looks at one call and says what is wrong with it, or nothing. */
type Rule = (call: CallRecord, history: History) => string | undefined

/** What holds of every call, whatever happened on the line. */
const CALL_RULES: Readonly<Record<string, Rule>> = {
  /** Every call is settled exactly once. */
  settledOnce: ({ outcomes }) =>
    outcomes.length === 1 ? undefined : `was settled ${outcomes.length} times: ${outcomes.map(nameOf).join(', ')}`,

  /** By its deadline at the latest; a cancelled one at once. A process that stands still can't do it before it goes on. */
  settledInTime: ({ client, outcomes, calledAt, timeoutMs, cancelledAt }, { stops, jumps }) => {
    const [outcome] = outcomes
    if (outcome === undefined) return undefined
    let dueAt = Math.min(calledAt + timeoutMs, cancelledAt ?? Number.POSITIVE_INFINITY)
    for (const jump of jumps) if (jump.client === client && jump.at <= dueAt) dueAt += jump.byMs
    for (const stop of stops) {
      if (stop.client === client && stop.from <= dueAt) dueAt = Math.max(dueAt, stop.to)
    }
    const lateMs = outcome.at - dueAt
    return lateMs > 1 ? `was settled ${lateMs} ms late` : undefined
  },

  /** A success that is seen is a result that a run of its own handler returned. */
  successIsTrue: ({ outcomes, runs, task, kind }) => {
    const [outcome] = outcomes
    if (outcome?.name !== 'result' || isSubscription(kind)) return undefined
    // Checked field by field, since it may be anything where something is wrong.
    const value = outcome.value as { call?: unknown; run?: number; padding?: string; payload?: unknown } | null
    const run = runs[value?.run ?? -1]
    const isTrue = run?.how === 'returned' && value?.call === task.call && value.padding?.length === task.padding
    const areBytes = task.bytes === 0 || isPayload(value?.payload, task.call, 'handler', task.bytes)
    return isTrue && areBytes && task.does === 'answer' ? undefined : `got a result that no run returned`
  },

  /** A mutation runs once at most; what may run again does so only where its client lost a session meanwhile, or a stream moved. */
  runsOnce: (call, history) => {
    const { runs, kind, client, calledAt, key } = call
    if (runs.length < 2 || key !== undefined) return undefined
    if (kind === 'mutation') return `is a mutation and ran ${runs.length} times`
    const until = runs.at(-1)?.beganAt ?? calledAt
    const losses = lossesDuring(history, client, calledAt, until)
    const moves = isSubscription(kind) ? history.moves.filter((move) => move.client === client).length : 0
    return runs.length <= 1 + losses + moves ? undefined : `ran ${runs.length} times with ${losses} lost sessions`
  },

  /** A key runs once wherever it is known: in one process, or where it is durable in all of them. */
  keyRunsOnce: (call, history) => {
    const kin = kinOf(history, call)
    if (call.key === undefined || kin[0] !== call) return undefined
    const runs = [...new Set(kin.flatMap((other) => other.runs))]
    const places = new Set(runs.map((run) => placeOf(run, history))).size
    return runs.length <= places ? undefined : `has a key that ran ${runs.length} times in ${places} places`
  },

  /** `mayHaveRun: false` is a promise: it hasn't and never will. */
  notRunIsTrue: (call, history) => {
    const { outcomes, runs, kind } = call
    const [outcome] = outcomes
    // What ran may have been another call's with the same key.
    if (kinOf(history, call).length > 1) return undefined
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
      return broken === undefined ? [] : [`${name}: call ${call.number} (${call.client}, ${call.kind}) ${broken}`]
    }),
  )
}

/** Why a call may end with an error, by code. A code that isn't here may not be seen at all. */
const CAUSES: Readonly<Record<string, (call: CallRecord, history: History, at: number) => boolean>> = {
  INTERNAL: ({ task, runs }) => (task.does === 'throw' || task.does === 'unencodable') && runs.length > 0,
  NOT_ENCODABLE: ({ task, runs }) => task.does === 'unencodable' && runs.length > 0,
  CONFLICT: ({ task, runs }) => task.does === 'refuse' && runs.length > 0,
  TIMEOUT: ({ outcomes, ownDeadline, calledAt }, { serverJumps }, at) =>
    outcomes.every(({ ownAt }) => ownAt >= ownDeadline - 1) ||
    serverJumps.some((jumpedAt) => jumpedAt >= calledAt && jumpedAt <= at),
  CANCELLED: ({ cancelledAt }, _history, at) => cancelledAt !== undefined && cancelledAt <= at,
  CLOSED: ({ client }, { closedAt }, at) => (closedAt.get(client) ?? Number.POSITIVE_INFINITY) <= at,
  UNAUTHORIZED: ({ client }, { refused }) => refused.has(client),
  OUTCOME_UNKNOWN: (call, history, at) =>
    lossesDuring(history, call.client, call.calledAt, at) > 0 ||
    history.refused.has(call.client) ||
    kinOf(history, call).some((other) => other !== call),
  KEY_CONFLICT: (call, history) => kinOf(history, call).some(({ task }) => task.call !== call.task.call),
  /** Another process has claimed the key and hasn't finished. */
  TOO_MANY_REQUESTS: (call, history) => call.key !== undefined && history.areKeysDurable,
  /** At once, and never sent: `notRunIsTrue` looks after that. */
  QUEUE_FULL: ({ outcomes, calledAt }, { queueCharacters }) =>
    queueCharacters < 10_000 && outcomes.every(({ at }) => at === calledAt),
  /** It ran while its client was away, and there was no room for what it gave; what is told of a key counts as that. */
  RESULT_DROPPED: ({ client, calledAt, runs, key }, history, at) =>
    history.hasLargeAnswers &&
    (key !== undefined || runs.some(({ how }) => how === 'returned')) &&
    history.cuts.some((cut) => cut.client === client && cut.at <= at && cut.at >= calledAt - 200_000),
}

function hasCause(code: string, at: number, call: CallRecord, history: History): boolean {
  return CAUSES[code]?.(call, history, at) ?? false
}

/** Where a run's key was known. */
function placeOf({ process, principal }: Run, { areKeysDurable }: History): string {
  return areKeysDurable ? principal : `${process} ${principal}`
}

function isSubscription(kind: CallRecord['kind']): boolean {
  return kind === 'tracked' || kind === 'untracked'
}

function nameOf(outcome: Outcome): string {
  if (outcome.name === 'result') return 'a result'
  const { code, message } = outcome.error
  return `${code} (${message})`
}
