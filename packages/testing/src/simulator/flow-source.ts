import { type FlowRecord, flowItem } from './flow.ts'
import { PlannedFailure } from './planned-failure.ts'

/** The items that a client streams in, and what is asked of them: one at a time, nothing after the end, left once at most. */
export class FlowSource implements AsyncIterable<string>, AsyncIterator<string, undefined> {
  readonly #record: FlowRecord
  readonly #tell: (violation: string) => void
  #isAsked = false

  constructor(record: FlowRecord, tell: (violation: string) => void) {
    this.#record = record
    this.#tell = tell
  }

  [Symbol.asyncIterator](): this {
    if (++this.#record.source.begun > 1) this.#tell('was begun twice')
    return this
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    const { source, task, environment } = this.#record
    source.firstAskedAt ??= environment.now()
    if (this.#isAsked) this.#tell('was asked for an item before it had given the last one')
    if (source.endedAt !== undefined) this.#tell('was asked for an item after its end')
    if (source.returns > 0) this.#tell('was asked for an item after it had been left')
    this.#isAsked = true
    if (task.everyMs > 0) await new Promise<void>((resolve) => environment.setTimer(resolve, task.everyMs))
    this.#isAsked = false
    if (source.returns > 0) return { done: true, value: undefined }
    const hasFailed = source.given + 1 === task.failsAt
    if (!hasFailed && source.given < task.items) return { done: false, value: flowItem(++source.given, task) }
    source.endedAt = environment.now()
    if (hasFailed) throw new PlannedFailure('The task says so.')
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    const { source, environment } = this.#record
    // In the same moment nobody may have heard of the end.
    if (source.endedAt !== undefined && source.endedAt < environment.now()) this.#tell('was left after its end')
    if (++source.returns > 1) this.#tell('was left twice')
    return { done: true, value: undefined }
  }
}
