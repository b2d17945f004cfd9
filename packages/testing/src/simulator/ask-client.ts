import { type HotlineError, isHotlineError, type Stream } from '@hotline/core'
import type { ConnectedClient } from '@hotline/server'
import type { AskPlan, AskRecord } from './ask.ts'
import type { History } from './history.ts'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Where a server asks, and what it is written down in. */
export interface AskStage {
  readonly clock: VirtualClock
  readonly history: History
  readonly environment: SimulatedEnvironment
  readonly trace: ((line: string) => void) | undefined
}

/** Lets a server's application call a client, and writes down what it sees of it. Resolves when it has seen the end. */
export async function askClient(plan: AskPlan, whom: ConnectedClient<unknown>, stage: AskStage): Promise<void> {
  const { clock, history, environment, trace } = stage
  const task = { ...plan, ask: history.asks.length }
  const ownDeadline = environment.now() + plan.timeoutMs
  const seen = { runs: [], outcomes: [], items: [], endings: [], gaps: 0, cancelledAt: undefined }
  const record: AskRecord = { task, calledAt: clock.now(), ownDeadline, asker: environment, ...seen }
  history.asks.push(record)
  trace?.(`ask ${task.ask} of ${whom.principal}: ${JSON.stringify(plan)}`)
  const outcome = (error: HotlineError | undefined, result?: unknown) => {
    trace?.(`ask ${task.ask} gets ${error?.code ?? 'a result'}`)
    const times = { at: clock.now(), ownAt: environment.now() }
    return { result, error, ...times, hadEnded: whom.state === 'ended' }
  }
  try {
    const { timeoutMs } = plan
    const options = { timeoutMs, signal: signalOf(record, stage) }
    // What clients serve is a router of the simulator's own.
    const client = whom.client as Readonly<Record<AskPlan['kind'], (task: object, options: object) => Promise<unknown>>>
    const result = await client[plan.kind](task, options)
    record.outcomes.push(outcome(undefined, result))
    if (plan.kind === 'stream') await read(result as Stream<number, number>, record, outcome)
  } catch (error) {
    if (!isHotlineError(error)) history.violations.push(`ask ${task.ask} rejected with ${String(error)}`)
    else record.outcomes.push(outcome(error))
  }
}

async function read(
  stream: Stream<number, number>,
  record: AskRecord,
  outcome: (error: HotlineError | undefined, result?: unknown) => AskRecord['endings'][number],
): Promise<void> {
  stream.on({ gap: () => record.gaps++ })
  try {
    for await (const item of stream) record.items.push(item)
    record.endings.push(outcome(undefined, await stream.result))
  } catch (error) {
    // A stream rejects with nothing else.
    record.endings.push(outcome(error as HotlineError))
  }
}

function signalOf(record: AskRecord, { clock, environment }: AskStage): AbortSignal | undefined {
  const { cancelAfterMs } = record.task
  if (cancelAfterMs === undefined) return undefined
  const controller = new AbortController()
  const abort = () => {
    if (environment.isKilled) return
    record.cancelledAt = clock.now()
    controller.abort()
  }
  clock.schedule(() => environment.whenRunning(abort), cancelAfterMs)
  return controller.signal
}
