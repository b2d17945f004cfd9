import { type HotlineError, isHotlineError, type Stream } from '@hotline/core'
import { type FlowPlan, type FlowRecord, numberOf, waitAfter } from './flow.ts'
import { FlowSource } from './flow-source.ts'
import type { Stage } from './perform.ts'
import type { SimulatedClient } from './simulated-client.ts'

/** What a call waits for that doesn't say. */
const DEFAULT_TIMEOUT_MS = 30_000

/** Lets a client's application begin one flow, and writes down what it sees of it. */
export function performFlow(plan: FlowPlan, client: SimulatedClient, stage: Stage): void {
  const { clock, history, trace } = stage
  const { environment } = client
  const { timeoutMs, cancelAfterMs } = plan
  const task = { ...plan.task, flow: history.flows.length }
  const record: FlowRecord = {
    task,
    client: client.name,
    environment,
    calledAt: clock.now(),
    ownDeadline: environment.now() + (timeoutMs ?? DEFAULT_TIMEOUT_MS),
    plan,
    runs: [],
    source: { begun: 0, firstAskedAt: undefined, given: 0, endedAt: undefined, returns: 0 },
    outcomes: [],
    items: [],
    gaps: [],
    endings: [],
    hasLeft: false,
    cancelledAt: undefined,
  }
  history.flows.push(record)
  trace?.(`${client.name} begins flow ${task.flow}: ${JSON.stringify(task)}`)
  const tell = (violation: string) => history.violations.push(`flow ${task.flow}: ${violation}`)
  const times = () => ({ at: clock.now(), ownAt: environment.now() })
  const signal = cancelAfterMs === undefined ? undefined : signalAfter(cancelAfterMs, record, stage)
  const items = task.kind === 'flood' ? undefined : new FlowSource(record, (what) => tell(`its source ${what}`))
  const options = { signal, timeoutMs, ...(items === undefined ? {} : { items }) }
  client.call(task.kind, task, options).then(
    (result) => {
      trace?.(`flow ${task.flow} gets a result`)
      record.outcomes.push({ ...times(), result, error: undefined })
      // A subscription's call gives nothing else.
      if (task.kind !== 'upload') void read(result as Stream<string, number>, record, stage)
    },
    (error: unknown) => {
      if (!isHotlineError(error)) return tell(`it rejected with ${String(error)}`)
      trace?.(`flow ${task.flow} gets ${error.code}: ${error.message}`)
      return record.outcomes.push({ ...times(), result: undefined, error })
    },
  )
}

function signalAfter(delayMs: number, record: FlowRecord, { clock }: Stage): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    record.cancelledAt = clock.now()
    controller.abort()
  }
  if (delayMs === 0) abort()
  else clock.schedule(() => record.environment.whenRunning(abort), delayMs)
  return controller.signal
}

/** An application's loop over a stream. */
async function read(stream: Stream<string, number>, record: FlowRecord, { clock, trace }: Stage): Promise<void> {
  const { task, environment } = record
  const end = (error: HotlineError | undefined) =>
    record.endings.push({ at: clock.now(), ownAt: environment.now(), error })
  stream.on({ gap: () => record.gaps.push(record.items.length) })
  try {
    for await (const item of stream) {
      trace?.(`flow ${task.flow} gets item ${numberOf(item)}`)
      record.items.push(numberOf(item))
      if (record.items.length === task.leaveAfter) {
        record.hasLeft = true
        break
      }
      const waitMs = waitAfter(task.client, record.items.length)
      if (waitMs > 0) await new Promise<void>((resolve) => environment.setTimer(resolve, waitMs))
    }
    end(undefined)
  } catch (error) {
    // A stream rejects with nothing else.
    end(error as HotlineError)
  }
}
