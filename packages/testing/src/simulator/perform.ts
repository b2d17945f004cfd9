import { type HotlineError, isHotlineError, type Stream } from '@hotline/core'
import type { CallRecord, History, StreamRecord } from './history.ts'
import type { Operation } from './operation.ts'
import { payload } from './payload.ts'
import type { SimulatedClient } from './simulated-client.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Where operations are done and written down. */
export interface Stage {
  readonly clock: VirtualClock
  readonly history: History
  readonly trace: ((line: string) => void) | undefined
}

/** What a call waits for that doesn't say. */
const DEFAULT_TIMEOUT_MS = 30_000

/** Lets a client's application do one operation, and writes down what it sees of it. */
export function perform(operation: Operation, client: SimulatedClient, stage: Stage): CallRecord {
  const { clock, history, trace } = stage
  const { kind, timeoutMs, cancelAfterMs } = operation
  const record = newRecord(operation, client, stage)
  const { number, task, key } = record
  history.calls.push(record)
  trace?.(`${client.name} makes call ${number}: ${kind} ${key ?? 'without key'} ${JSON.stringify(task)}`)
  const signal = cancelAfterMs === undefined ? undefined : signalAfter(cancelAfterMs, record, client, clock)
  const times = () => ({ at: clock.now(), ownAt: client.environment.now() })
  const input = task.bytes === 0 ? task : { ...task, payload: payload(task.call, 'caller', task.bytes) }
  client.call(kind, input, { signal, timeoutMs, idempotencyKey: key }).then(
    (value) => {
      trace?.(`call ${number} gets a result`)
      record.outcomes.push({ name: 'result', value, ...times() })
      if (isStream(value)) read(value, record, operation, stage)
    },
    (error: unknown) => {
      if (!isHotlineError(error)) return history.violations.push(`call ${number} rejected with ${String(error)}`)
      trace?.(`call ${number} gets ${error.code}: ${error.message}`)
      return record.outcomes.push({ name: 'error', error, ...times() })
    },
  )
  return record
}

function newRecord({ kind, key, task, timeoutMs }: Operation, client: SimulatedClient, stage: Stage): CallRecord {
  const { clock, history } = stage
  const number = history.calls.length
  const mayShare = (call: CallRecord) => call.key !== undefined && call.principal === client.principal
  const earlier = key === 'same' || key === 'conflicting' ? history.calls.findLast(mayShare) : undefined
  const twin = key === 'same' ? earlier : undefined
  return {
    number,
    client: client.name,
    principal: client.principal,
    kind,
    task: twin?.task ?? { ...task, call: number },
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    key: key === 'none' ? undefined : (earlier?.key ?? `key ${number}`),
    calledAt: clock.now(),
    ownDeadline: client.environment.now() + (timeoutMs ?? DEFAULT_TIMEOUT_MS),
    runs: twin?.runs ?? [],
    outcomes: [],
    cancelledAt: undefined,
    stream: undefined,
  }
}

function signalAfter(delayMs: number, record: CallRecord, client: SimulatedClient, clock: VirtualClock): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    record.cancelledAt = clock.now()
    controller.abort()
  }
  if (delayMs === 0) abort()
  else clock.schedule(() => client.environment.whenRunning(abort), delayMs)
  return controller.signal
}

function isStream(value: unknown): value is Stream<number, number> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function read(stream: Stream<number, number>, call: CallRecord, { reading }: Operation, stage: Stage): void {
  const record: StreamRecord = {
    items: [],
    gaps: [],
    ending: undefined,
    endings: 0,
  }
  call.stream = record
  const reader = new Reader(stream, call, record, stage)
  if (reading.by === 'observer') reader.observe(reading.leaveAfter)
  else void reader.loop(reading.leaveAfter, reading.pauseMs)
}

/** An application's code that reads one stream. */
class Reader {
  readonly #stream: Stream<number, number>
  readonly #call: CallRecord
  readonly #record: StreamRecord
  readonly #stage: Stage

  constructor(stream: Stream<number, number>, call: CallRecord, record: StreamRecord, stage: Stage) {
    this.#stream = stream
    this.#call = call
    this.#record = record
    this.#stage = stage
    stream.result.then(
      (result) => result === call.task.call || this.#tell(`has the result ${String(result)}`),
      () => {},
    )
  }

  observe(leaveAfter: number | undefined): void {
    this.#stream.on({
      next: (item) => {
        this.#take(item)
        if (this.#record.items.length === leaveAfter) this.#leave()
      },
      gap: () => this.#gap(),
      complete: () => this.#end({ name: 'complete' }),
      error: (error) => this.#end({ name: 'error', code: error.code }),
    })
  }

  async loop(leaveAfter: number | undefined, pauseMs: number): Promise<void> {
    this.#stream.on({ gap: () => this.#gap() })
    try {
      for await (const item of this.#stream) {
        this.#take(item)
        if (this.#record.items.length === leaveAfter) return this.#end({ name: 'left' })
        if (pauseMs > 0) await new Promise<void>((resolve) => this.#stage.clock.schedule(resolve, pauseMs))
      }
      this.#end({ name: 'complete' })
    } catch (error) {
      // A stream rejects with nothing else.
      this.#end({ name: 'error', code: (error as HotlineError).code })
    }
  }

  #take(item: number): void {
    this.#stage.trace?.(`call ${this.#call.task.call} gets item ${item}`)
    if (this.#record.ending !== undefined) this.#tell(`got item ${item} after its end`)
    this.#record.items.push(item)
  }

  #gap(): void {
    this.#stage.trace?.(`call ${this.#call.task.call} is told of a gap`)
    this.#record.gaps.push(this.#record.items.length)
  }

  #leave(): void {
    this.#end({ name: 'left' })
    void this.#stream[Symbol.asyncDispose]()
  }

  #end(ending: NonNullable<StreamRecord['ending']>): void {
    this.#record.ending = ending
    this.#record.endings++
  }

  #tell(what: string): void {
    this.#stage.history.violations.push(`call ${this.#call.task.call}: its stream ${what}`)
  }
}
