import { hotline, type Router, tracked } from '@hotline/core'
import { asItIs } from './as-it-is.ts'
import { BAD_ITEM, type FlowRun, type FlowTask, flowItem, numberOf, waitAfter } from './flow.ts'
import type { HandlerWorld } from './handler-world.ts'
import type { History } from './history.ts'
import { PlannedFailure } from './planned-failure.ts'

interface Handled {
  readonly input: FlowTask
  readonly signal: AbortSignal
  readonly lastEventId: string | undefined
}

interface HandledItems extends Handled {
  readonly items: AsyncIterable<string>
}

/** As much of a Standard Schema as says what it takes and gives. */
interface ItemSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: string; readonly output: string }
    validate(value: unknown): { readonly value: string } | { readonly issues: readonly { readonly message: string }[] }
  }
}

const TASK = asItIs<FlowTask>()

// Simulated clients send nothing but texts.
const ITEM: ItemSchema = {
  '~standard': {
    version: 1,
    vendor: 'hotline',
    validate: (value) => (value === BAD_ITEM ? { issues: [{ message: 'It is bad.' }] } : { value: value as string }),
  },
}

/** The procedures of flows. */
export function flowRouter(history: History, world: HandlerWorld): Router {
  const base = hotline<object>()
  const h = base.input(TASK)
  return base.router({
    flood: h.subscription((call) => flood(history, world, call)),
    upload: h.items(ITEM).mutation((call) => upload(history, world, call)),
    both: h.items(ITEM).subscription((call) => both(history, world, call)),
  })
}

async function* flood(history: History, world: HandlerWorld, { input, signal, lastEventId }: Handled) {
  const run = begin(history, world, input)
  try {
    for (let item = Number(lastEventId ?? 0) + 1; item <= input.items; item++) {
      if (input.everyMs > 0) await world.sleep(input.everyMs, signal)
      yield tracked(String(item), flowItem(item, input))
    }
    return input.flow
  } finally {
    run.endedAt = world.now()
  }
}

async function upload(history: History, world: HandlerWorld, call: HandledItems) {
  const run = begin(history, world, call.input)
  try {
    if (call.input.does === 'ignore') await world.sleep(call.input.server.stallMs, call.signal)
    else for await (const _ of itemsOf(call, run, world));
    return { flow: call.input.flow, items: run.items.length }
  } finally {
    run.endedAt = world.now()
  }
}

async function* both(history: History, world: HandlerWorld, call: HandledItems) {
  const run = begin(history, world, call.input)
  try {
    if (call.input.does === 'ignore') await world.sleep(call.input.server.stallMs, call.signal)
    else yield* itemsOf(call, run, world)
    return call.input.flow
  } finally {
    run.endedAt = world.now()
  }
}

/** The items as the task says that they are read. */
async function* itemsOf({ input, signal, items }: HandledItems, run: FlowRun, world: HandlerWorld) {
  const halfway = Math.ceil(input.items / 2)
  for await (const item of items) {
    run.items.push(numberOf(item))
    const count = run.items.length
    if (count === halfway && input.does === 'leave') return
    if (count === halfway && input.does === 'throw') throw new PlannedFailure('The task says so.')
    const waitMs = waitAfter(input.server, count)
    if (waitMs > 0) await world.sleep(waitMs, signal)
    yield item
  }
  run.sawEnd = true
}

function begin(history: History, world: HandlerWorld, { flow, kind }: FlowTask): FlowRun {
  const record = history.flows[flow]
  if (record === undefined || record.task.kind !== kind) throw new Error('A flow came that nobody made.')
  const run: FlowRun = {
    process: world.process,
    beganAt: world.now(),
    items: [],
    sawEnd: false,
    endedAt: undefined,
  }
  record.runs.push(run)
  return run
}
