import type { FlowEnd, FlowRecord, FlowRun } from './flow.ts'
import { type History, lossesDuring } from './history.ts'

/** A rule looks at one flow and says what is wrong with it, or nothing. */
type Rule = (flow: FlowRecord, history: History) => string | undefined

/** What holds of every flow, whatever happened on the line. */
const FLOW_RULES: Readonly<Record<string, Rule>> = {
  /** Every call is settled once, and a stream that it gave has one end. */
  settledOnce: ({ outcomes: [outcome, ...others], endings, task }) => {
    if (outcome === undefined || others.length > 0) return `was settled ${others.length + (outcome ? 1 : 0)} times`
    const expected = task.kind === 'upload' || outcome.error !== undefined ? 0 : 1
    return endings.length === expected ? undefined : `has a stream that ended ${endings.length} times`
  },

  errorHasCause: (flow, history) => {
    const odd = [...flow.outcomes, ...flow.endings].find(
      (end) => end.error !== undefined && !(CAUSES[end.error.code]?.(flow, end, history) ?? false),
    )
    return odd === undefined ? undefined : `got ${odd.error?.code} (${odd.error?.message}) for no reason`
  },

  /** What a client's reader gets is what the source gave: from the first on, each once, and all of it where the end came. */
  stream: ({ task, items, endings: [ending], hasLeft, runs }) => {
    if (!isCounted(items)) return `has the items ${items.join()}`
    if (ending === undefined || ending.error !== undefined || hasLeft) return undefined
    const most = task.kind === 'flood' ? task.items : Math.max(0, ...runs.map((run) => run.items.length))
    const least = task.kind === 'both' && task.does !== 'read' ? most - 1 : most
    return items.length >= least && items.length <= most
      ? undefined
      : `completed after ${items.length} of ${most} items`
  },

  gaps: ({ client, calledAt, gaps }, history) => {
    const losses = lossesDuring(history, client, calledAt, Number.POSITIVE_INFINITY)
    return gaps.length <= losses ? undefined : `was told of ${gaps.length} gaps with ${losses} lost sessions`
  },

  /** The items of an upload reach its handler in order, each once, and none is missing where it was told of the end. */
  upload: ({ task, runs, source }) => {
    if (task.kind === 'flood') return undefined
    const wrong = runs.find((run) => !isCounted(run.items))
    if (wrong !== undefined) return `handed the items ${wrong.items.join()} to its handler`
    if (runs.some(({ items }) => items.length > source.given)) return 'handed more items to its handler than there were'
    const short = runs.find(
      ({ sawEnd, items }) => sawEnd && (items.length !== task.items || source.endedAt === undefined),
    )
    return short === undefined
      ? undefined
      : `told its handler of the end after ${short.items.length} of ${task.items} items`
  },

  /** Once its source was asked for anything, nothing runs a second time; a mutation never does. */
  runsOnce: ({ task, runs, source, client, calledAt }, history) => {
    if (task.kind === 'upload' && runs.length > 1) return `ran ${runs.length} times`
    if (source.begun > 1) return `began its source ${source.begun} times`
    if (runs.filter(hasItems).length > 1) return 'gave its items to two runs'
    const moves = history.moves.filter((move) => move.client === client).length
    const losses = lossesDuring(history, client, calledAt, Number.POSITIVE_INFINITY)
    return runs.length <= 1 + losses + moves ? undefined : `ran ${runs.length} times with ${losses} lost sessions`
  },

  /** A success that is seen is what a run of the handler returned. */
  successIsTrue: ({ task, outcomes: [outcome], runs }) => {
    if (task.kind !== 'upload' || outcome === undefined || outcome.error !== undefined) return undefined
    const { flow, items } = outcome.result as { readonly flow?: unknown; readonly items?: unknown }
    const isTrue = flow === task.flow && items === runs[0]?.items.length && runs[0]?.endedAt !== undefined
    return isTrue ? undefined : 'got a result that no run returned'
  },

  /** `mayHaveRun: false` is a promise: it hasn't and never will. */
  notRunIsTrue: ({ outcomes: [outcome], runs }) =>
    outcome?.error?.mayHaveRun === false && runs.length > 0
      ? `got ${outcome.error.code} that says it hasn't run, and ran`
      : undefined,

  /** A source that was begun is read to its end, or left once. */
  source: ({ source: { begun, endedAt, returns } }) =>
    begun === 0 || endedAt !== undefined || returns > 0 ? undefined : 'left its source standing',
}

/** Why a flow may end with an error, by code. */
const CAUSES: Readonly<Record<string, (flow: FlowRecord, end: FlowEnd, history: History) => boolean>> = {
  INTERNAL: ({ task }) => task.does === 'throw',
  BAD_INPUT: ({ task }) => task.badItem > 0,
  CANCELLED: ({ cancelledAt, task, source }, { at }) =>
    (cancelledAt !== undefined && cancelledAt <= at) || (task.failsAt > 0 && source.endedAt !== undefined),
  CLOSED: ({ client }, { at }, { closedAt }) => (closedAt.get(client) ?? Number.POSITIVE_INFINITY) <= at,
  UNAUTHORIZED: ({ client }, _end, { refused }) => refused.has(client),
  OUTCOME_UNKNOWN: ({ client, calledAt }, { at }, history) =>
    lossesDuring(history, client, calledAt, at) > 0 || history.refused.has(client),
  SESSION_LOST: (flow, end, history) => CAUSES.OUTCOME_UNKNOWN?.(flow, end, history) ?? false,
  /** By its client's clock, or by its server's, which may have jumped. */
  TIMEOUT: ({ ownDeadline }, { ownAt }, { serverJumps }) => ownAt >= ownDeadline - 1 || serverJumps.length > 0,
  QUEUE_FULL: ({ calledAt }, { at }, { queueCharacters }) => queueCharacters < 10_000 && at === calledAt,
  RESULT_DROPPED: (_flow, _end, { hasLargeAnswers }) => hasLargeAnswers,
}

/** What the history has against its flows. */
export function judgeFlows(history: History): string[] {
  return history.flows.flatMap((flow) =>
    Object.entries(FLOW_RULES).flatMap(([name, rule]) => {
      const broken = rule(flow, history)
      return broken === undefined
        ? []
        : [`${name}: flow ${flow.task.flow} (${flow.client}, ${flow.task.kind}) ${broken}`]
    }),
  )
}

/**
 * What is left over, and what never went on: a flow that has a line and a reader goes to its end. `calmAt` is when the
 * weather had cleared up and every client had a line again.
 */
export function judgeFlowRest(history: History, calmAt: number, isAlive: (process: number) => boolean): string[] {
  return history.flows.flatMap((flow) => {
    const { task, client, runs, outcomes, endings } = flow
    const name = `flow ${task.flow} (${client}, ${task.kind})`
    const left = runs.filter((run) => run.endedAt === undefined && isAlive(run.process))
    if (left.length > 0) return [`rest: ${left.length} handlers of ${name} still run`]
    const end = endings[0] ?? outcomes[0]
    if (end === undefined || end.error === undefined) return []
    const isStuck = end.error.code === 'CLOSED' && end.at - Math.max(calmAt, flow.calledAt) > LONGEST_MS
    const isFailedProbe = flow.plan.isProbe && !PROBE_ENDS.has(end.error.code)
    const wasDisturbed = history.stops.some((stop) => stop.client === client && stop.to > calmAt)
    return (isStuck || isFailedProbe) && !wasDisturbed ? [`recovery: ${name} got stuck: ${end.error.code}`] : []
  })
}

/** Longer than any flow takes by itself. */
const LONGEST_MS = 60_000

/** A client may be closed, or have a full queue, in the very moment; a server that stood still may lose its session then. */
const PROBE_ENDS = new Set(['CLOSED', 'QUEUE_FULL', 'OUTCOME_UNKNOWN', 'SESSION_LOST'])

function isCounted(items: readonly number[]): boolean {
  return items.every((item, index) => item === index + 1)
}

function hasItems(run: FlowRun): boolean {
  return run.items.length > 0
}
