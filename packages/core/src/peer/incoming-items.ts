import type { Codec } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { formatCredit, formatStop } from '../protocol/format.ts'
import type { Attachments } from '../protocol/packed.ts'
import type { CreditPool } from './credit-pool.ts'
import { Inflow } from './inflow.ts'
import { ItemReader, undecodableItem } from './item-reader.ts'
import type { Outlet } from './outlet.ts'

/** What the items of one call need of its responder. */
export interface ItemsTerms {
  readonly id: number
  readonly path: string
  readonly codec: Codec
  readonly outlet: Outlet
  readonly pool: CreditPool
  check(item: unknown): unknown
  /** The caller has sent what it may not: that ends its call, and nothing else. */
  broken(reason: HotlineError): void
  /** The caller or the handler has done something: the call isn't stuck. */
  progressed(): void
}

/** The items that a caller streams in: what comes over the wire on one side, what the handler reads on the other. */
export class IncomingItems {
  readonly reader: ItemReader
  readonly #terms: ItemsTerms
  /** The caller waits for its first credit, so nothing comes for a call that was refused. */
  readonly #inflow: Inflow
  #isComplete = false
  #undecodable: HotlineError | undefined

  constructor(terms: ItemsTerms) {
    this.#terms = terms
    this.#inflow = new Inflow(terms.pool, 0)
    this.reader = new ItemReader({
      check: (item) => terms.check(item),
      read: (size) => this.#read(size),
      stop: () => this.#stop(),
    })
  }

  /** Size of what has come and wasn't read. */
  get unread(): number {
    return this.#inflow.unread
  }

  /** Whether `thrown` is what the handler was told of an item that doesn't fit: its caller's fault, and not its own. */
  isRefusal(thrown: unknown): thrown is HotlineError {
    return thrown !== undefined && (thrown === this.#undecodable || thrown === this.reader.refusal)
  }

  /** Lets the caller begin. */
  begin(): void {
    if (!this.reader.isOpen) return
    this.#send(formatCredit(this.#terms.id, this.#inflow.begin()))
  }

  /** @throws ProtocolError `BAD_FRAME` where the caller had no credit left. */
  push(size: number, value: unknown, meta: unknown, attachments?: Attachments): void {
    const { id, path, codec } = this.#terms
    if (this.#isComplete) return this.#terms.broken(afterTheEnd(path))
    // What was on its way when it was no longer wanted.
    if (!this.reader.isOpen) return
    this.#inflow.received(id, size)
    try {
      this.reader.push(codec.decode(value, meta, attachments), size)
    } catch (cause) {
      this.#undecodable = undecodableItem(path, cause)
      this.fail(this.#undecodable)
      this.#stop()
    }
  }

  end(): void {
    this.#isComplete = true
    this.#inflow.end()
    this.#terms.progressed()
    this.reader.end()
  }

  /** The call is over. */
  fail(reason: Error): void {
    this.#inflow.end()
    this.reader.fail(reason)
  }

  #read(size: number): void {
    const credit = this.#inflow.read(size)
    this.#terms.progressed()
    if (credit > 0) this.#send(formatCredit(this.#terms.id, credit))
  }

  #stop(): void {
    this.#inflow.end()
    this.#send(formatStop(this.#terms.id))
  }

  #send(message: string): void {
    this.#terms.outlet.outbox.pushControl(message)
    this.#terms.outlet.flushSoon()
  }
}

function afterTheEnd(path: string): HotlineError {
  const message = `An item of "${path}" came after the end of its items: send "end" last.`
  return new HotlineError('BAD_INPUT', { issues: [] }, { message })
}
