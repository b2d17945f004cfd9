import { formatError } from '../protocol/format.ts'
import type { Answering } from './answering.ts'
import { IncomingCalls } from './incoming-calls.ts'
import type { Outlet } from './outlet.ts'
import { notFound } from './refusals.ts'

/** The end of a client that serves nothing to its server. It spares pages that never need them what runs procedures. */
export class NoProcedures implements Answering {
  readonly calls: IncomingCalls
  readonly size = 0
  readonly #outlet: Outlet
  #hasEnded = false

  /** `parity` is that of the ids which the other end opens. */
  constructor(outlet: Outlet, parity: 'odd' | 'even') {
    this.calls = new IncomingCalls(parity)
    this.#outlet = outlet
  }

  open(id: number, path: string): void {
    this.calls.use(id)
    if (this.#hasEnded) return
    const { code, message, mayHaveRun } = notFound(path)
    this.#outlet.outbox.pushCall(formatError(id, { code, message, mayHaveRun }, undefined))
    this.#outlet.flushSoon()
  }

  cancel(): void {}

  sweep(): number {
    return Number.POSITIVE_INFINITY
  }

  end(): void {
    this.#hasEnded = true
  }
}
