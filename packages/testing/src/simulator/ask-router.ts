import { HotlineError, hotline, type Serves, tracked } from '@hotline/core'
import { asItIs } from './as-it-is.ts'
import type { AskRun, AskTask } from './ask.ts'
import type { History } from './history.ts'
import { PlannedFailure } from './planned-failure.ts'

/** The client that a handler runs in. */
export interface AskedWorld {
  readonly client: string
  now(): number
  /** Resolves after `delayMs`; rejects with the signal's reason when that aborts, and leaves nothing behind. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

interface Handled {
  readonly input: AskTask
  readonly ctx: object
  readonly signal: AbortSignal
}

/** The handlers of every simulated client. Each does what the server's task says, and writes that down. */
export function askRouter(history: History, world: AskedWorld): Serves<object> {
  const h = hotline<object>()
  const task = asItIs<AskTask>()
  return h.router({
    mutation: h.input(task).mutation((call) => answer(history, world, call)),
    stream: h.input(task).subscription((call) => items(history, world, call)),
  })
}

async function answer(history: History, world: AskedWorld, { input, signal }: Handled): Promise<object> {
  const run = begin(history, world, 'mutation', input)
  try {
    await act(input, world, signal)
    run.how = 'returned'
    return { ask: input.ask }
  } finally {
    end(run, world)
  }
}

async function* items(history: History, world: AskedWorld, { input, signal }: Handled) {
  const run = begin(history, world, 'stream', input)
  try {
    for (let item = 1; item <= input.items; item++) {
      if (item % 3 === 0) await world.sleep(input.delayMs, signal)
      yield item % 2 === 0 ? item : tracked(String(item), item)
    }
    await act(input, world, signal)
    run.how = 'returned'
    return input.ask
  } finally {
    end(run, world)
  }
}

async function act({ does, delayMs }: AskTask, world: AskedWorld, signal: AbortSignal): Promise<void> {
  if (does === 'hang') await world.sleep(3_600_000, signal)
  if (delayMs > 0) await world.sleep(delayMs, signal)
  if (does === 'throw') throw new PlannedFailure('The task says so.')
  if (does === 'refuse') throw new HotlineError('CONFLICT')
}

function begin(history: History, { client }: AskedWorld, kind: AskTask['kind'], { ask }: AskTask): AskRun {
  const record = history.asks[ask]
  if (record === undefined || record.task.kind !== kind) throw new Error('A call came that no server made.')
  const run: AskRun = { client, endedAt: undefined, how: undefined }
  record.runs.push(run)
  return run
}

function end(run: AskRun, world: AskedWorld): void {
  run.endedAt = world.now()
  run.how ??= 'stopped'
}
