import { type HotlineError, isHotlineError, type Stream } from '@hotline/core'
import type { CallRecord, History, StreamRecord } from './history.ts'
import type { Operation } from './operation.ts'
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
  const task = { ...operation.task, call: history.calls.length }
  const record: CallRecord = {
    client: client.name,
    kind,
    task,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    isKeyed: operation.isKeyed,
    calledAt: clock.now(),
    runs: [],
    outcomes: [],
    cancelledAt: undefined,
    stream: undefined,
  }
  history.calls.push(record)
  trace?.(`${client.name} calls ${kind} ${JSON.stringify(task)}`)
  const signal = cancelAfterMs === undefined ? undefined : signalAfter(cancelAfterMs, record, clock)
  const idempotencyKey = operation.isKeyed ? `key ${task.call}` : undefined
  client.call(kind, task, { signal, timeoutMs, idempotencyKey }).then(
    (value) => {
      trace?.(`call ${task.call} gets a result`)
      record.outcomes.push({ name: 'result', value, at: clock.now() })
      if (isStream(value)) read(value, record, operation, stage)
    },
    (error: unknown) => {
      if (!isHotlineError(error)) return history.violations.push(`call ${task.call} rejected with ${String(error)}`)
      trace?.(`call ${task.call} gets ${error.code}: ${error.message}`)
      return record.outcomes.push({ name: 'error', error, at: clock.now() })
    },
  )
  return record
}

function signalAfter(delayMs: number, record: CallRecord, clock: VirtualClock): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    record.cancelledAt = clock.now()
    controller.abort()
  }
  if (delayMs === 0) abort()
  else clock.schedule(abort, delayMs)
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
