import { formatError } from '../protocol/format.ts'
import type { Answering, OpenCalls } from './answering.ts'
import { CallIds } from './call-ids.ts'
import type { Outlet } from './outlet.ts'
import { notFound } from './refusals.ts'
import type { StreamStats } from './stream-stats.ts'

/** The end of a client that serves nothing to its server. It spares pages that never need them what runs procedures. */
export class NoProcedures implements Answering, OpenCalls {
  readonly size = 0
  readonly inputs = 0
  readonly #ids: CallIds
  readonly #outlet: Outlet
  #hasEnded = false

  /** `parity` is that of the ids which the other end opens. */
  constructor(outlet: Outlet, parity: 'odd' | 'even') {
    this.#ids = new CallIds(parity)
    this.#outlet = outlet
  }

  /** Each has ended as soon as it has come. */
  get calls(): OpenCalls {
    return this
  }

  open(id: number, path: string): void {
    this.#ids.use(id)
    if (this.#hasEnded) return
    const { code, message, mayHaveRun } = notFound(path)
    this.#outlet.outbox.pushCall(formatError(id, { code, message, mayHaveRun }, undefined))
    this.#outlet.flushSoon()
  }

  onItem(id: number): void {
    this.#ids.checkUsed(id, 'item')
  }

  onEnd(id: number): void {
    this.#ids.checkUsed(id, 'end')
  }

  onCredit(id: number): boolean {
    this.#ids.checkUsed(id, 'credit')
    return true
  }

  streamStats(): readonly StreamStats[] {
    return []
  }

  cancel(): void {}

  sweep(): number {
    return Number.POSITIVE_INFINITY
  }

  end(): void {
    this.#hasEnded = true
  }
}
