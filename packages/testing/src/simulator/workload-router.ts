import { HotlineError, hotline, type Router, tracked } from '@hotline/core'
import { asItIs } from './as-it-is.ts'
import { flowRouter } from './flow-router.ts'
import type { HandlerWorld } from './handler-world.ts'
import type { CallRecord, History, OperationKind, Run, Task } from './history.ts'
import { isPayload, payload } from './payload.ts'
import { PlannedFailure } from './planned-failure.ts'

interface Handled {
  readonly input: Task & { readonly payload?: unknown }
  readonly ctx: object
  readonly signal: AbortSignal
  readonly client: unknown
  readonly lastEventId: string | undefined
}

const TASK = asItIs<Task>()

/** The router that every simulated process serves. Each handler does what its call's task says, and writes that down. */
export function workloadRouter(history: History, world: HandlerWorld): Router {
  const h = hotline<object>()
  const work = (kind: OperationKind) => (call: Handled) => run(history, world, kind, call)
  return h.router({
    query: h.input(TASK).query(work('query')),
    mutation: h.input(TASK).mutation(work('mutation')),
    idempotent: h.input(TASK).idempotent().mutation(work('idempotent')),
    tracked: h.input(TASK).subscription((call) => trackedItems(history, world, call)),
    untracked: h.input(TASK).subscription((call) => untrackedItems(history, world, call)),
    ...flowRouter(history, world),
  })
}

function run(history: History, world: HandlerWorld, kind: OperationKind, call: Handled): unknown {
  const [record, entry] = begin(history, world, kind, call)
  const { does, delayMs, asks } = call.input
  if (delayMs === 0 && does !== 'hang' && asks === undefined) return finish(record, entry, call.input, world)
  return later(record, entry, call, world)
}

async function later(
  record: CallRecord,
  entry: Run,
  { input, signal, client }: Handled,
  world: HandlerWorld,
): Promise<unknown> {
  if (input.asks !== undefined) await world.ask(input.asks, client)
  try {
    await world.sleep(input.does === 'hang' ? FOREVER_MS : input.delayMs, signal)
  } catch (reason) {
    end(entry, 'aborted', world)
    throw reason
  }
  return finish(record, entry, input, world)
}

const FOREVER_MS = 3_600_000

function finish(record: CallRecord, entry: Run, { does, call, padding, bytes }: Task, world: HandlerWorld): unknown {
  if (does === 'throw') {
    end(entry, 'threw', world)
    throw new PlannedFailure('The task says so.')
  }
  if (does === 'refuse') {
    end(entry, 'refused', world)
    throw new HotlineError('CONFLICT')
  }
  end(entry, 'returned', world)
  if (does === 'unencodable') return () => {}
  const carried = bytes === 0 ? {} : { payload: payload(call, 'handler', bytes) }
  return { call, run: record.runs.indexOf(entry), padding: 'x'.repeat(padding), ...carried }
}

/** Kept events: 1 to `items`, and whoever comes back goes on behind the last one received. */
async function* trackedItems(history: History, world: HandlerWorld, call: Handled) {
  const { input, signal, lastEventId } = call
  const [, entry] = begin(history, world, 'tracked', call)
  try {
    for (let item = Number(lastEventId ?? 0) + 1; item <= input.items; item++) {
      if (input.everyMs > 0) await world.sleep(input.everyMs, signal)
      if (input.does === 'throw' && item === Math.ceil(input.items / 2)) throw new PlannedFailure('The task says so.')
      yield tracked(String(item), item)
    }
    return input.call
  } finally {
    end(entry, signal.aborted ? 'aborted' : 'returned', world)
  }
}

/** Live events: number n happens at the n-th tick, whoever listens. */
async function* untrackedItems(history: History, world: HandlerWorld, call: Handled) {
  const { input, signal } = call
  const [record, entry] = begin(history, world, 'untracked', call)
  const everyMs = Math.max(1, input.everyMs)
  try {
    for (let tick = Math.floor((world.now() - record.calledAt) / everyMs) + 1; tick <= input.items; tick++) {
      await world.sleep(record.calledAt + tick * everyMs - world.now(), signal)
      yield tick
    }
    return input.call
  } finally {
    end(entry, signal.aborted ? 'aborted' : 'returned', world)
  }
}

function begin(history: History, world: HandlerWorld, kind: OperationKind, call: Handled): [CallRecord, Run] {
  const record = history.calls[call.input.call]
  if (record === undefined || record.kind !== kind) throw new Error('A call came that nobody made.')
  const { bytes, payload } = call.input
  if (bytes > 0 && !isPayload(payload, call.input.call, 'caller', bytes))
    history.violations.push(`bytes: call ${call.input.call} did not come with the bytes that it left with`)
  const principal = world.callerOf(call.ctx)
  if (principal === undefined) history.violations.push(`door: call ${call.input.call} ran for somebody not let in`)
  const whose = { process: world.process, principal: principal ?? 'nobody' }
  const entry: Run = { ...whose, beganAt: world.now(), endedAt: undefined, how: undefined }
  record.runs.push(entry)
  return [record, entry]
}

function end(entry: Run, how: NonNullable<Run['how']>, world: HandlerWorld): void {
  entry.endedAt = world.now()
  entry.how = how
}
