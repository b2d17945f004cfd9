import type { Socket } from 'node:net'
import type { Conditions } from './conditions.ts'
import { TokenBucket } from './token-bucket.ts'

/** Bytes, or how the sender finished: with an orderly end, or a reset. */
type Sent = Buffer | 'end' | 'reset'

/** Above this many waiting bytes the sender isn't read, so that it feels the line's slowness. */
const MAX_WAITING_BYTES = 1024 * 1024

/** What became of the bytes that went one way. */
export interface Tally {
  /** Handed on. */
  carriedBytes: number
  /** Vanished in a hole, or on the way to somebody gone. */
  lostBytes: number
}

export interface OneWayOptions {
  readonly from: Socket
  readonly to: Socket
  /** Counts for all connections. */
  readonly tally: Tally
  /** The line's conditions at the moment. */
  conditions(): Conditions
  /** As many bytes got through as the conditions allow: the connection must be reset. */
  cut(): void
}

/** One direction of a proxied connection: carries what one socket says to the other one, under the line's conditions. */
export class OneWay {
  readonly #options: OneWayOptions
  readonly #bucket = new TokenBucket(performance.now())
  readonly #waiting: { sent: Sent; readonly dueAt: number }[] = []
  #waitingBytes = 0
  /** Of this connection. */
  #carriedBytes = 0
  #isHole = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: OneWayOptions) {
    this.#options = options
    const { from, to } = options
    from.on('data', (bytes) => this.take(bytes))
    from.on('end', () => this.take('end'))
    // Without an end before it: a reset, or nobody there to connect to.
    from.on('close', () => from.readableEnded || this.take('reset'))
    to.on('drain', () => this.pump())
    to.on('close', () => this.#stop())
  }

  /** Something sets out. */
  take(sent: Sent): void {
    const { latencyMs, isHole } = this.#options.conditions()
    this.#isHole ||= isHole
    if (this.#isHole || this.#options.to.destroyed) return this.#lose(sent)
    this.#waiting.push({ sent, dueAt: performance.now() + latencyMs })
    this.#waitingBytes += sizeOf(sent)
    this.pump()
  }

  /** Carries what is due. To be called when the conditions have changed, too. */
  pump(): void {
    clearTimeout(this.#timer)
    const { from, to } = this.#options
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      const conditions = this.#options.conditions()
      if (conditions.isStalled || to.writableNeedDrain || to.destroyed) break
      const waitMs = head.dueAt - performance.now()
      if (waitMs > 0) {
        this.#pumpIn(waitMs)
        break
      }
      const { sent } = head
      if (typeof sent === 'string') this.#finish(sent)
      else if (!this.#carry(sent, conditions)) break
    }
    if (this.#waitingBytes >= MAX_WAITING_BYTES) from.pause()
    else if (from.isPaused()) from.resume()
  }

  /** Whether the whole chunk went. */
  #carry(bytes: Buffer, { bytesPerSecond, cutAfterBytes }: Conditions): boolean {
    const wanted = Math.min(bytes.length, cutAfterBytes - this.#carriedBytes)
    const allowed = wanted <= 0 ? 0 : this.#bucket.take(wanted, bytesPerSecond, performance.now())
    if (allowed > 0) this.#write(bytes, allowed)
    if (this.#carriedBytes >= cutAfterBytes) {
      this.#options.cut()
      return false
    }
    if (allowed < wanted) this.#pumpIn(this.#bucket.waitMs(wanted - allowed, bytesPerSecond))
    return allowed === wanted
  }

  #write(bytes: Buffer, count: number): void {
    const head = this.#waiting[0]
    if (head !== undefined && count < bytes.length) head.sent = bytes.subarray(count)
    else this.#waiting.shift()
    this.#waitingBytes -= count
    this.#carriedBytes += count
    this.#options.tally.carriedBytes += count
    this.#options.to.write(bytes.subarray(0, count))
  }

  #finish(how: 'end' | 'reset'): void {
    this.#waiting.shift()
    const { to } = this.#options
    if (how === 'end') to.end()
    else if (!to.destroyed) to.resetAndDestroy()
  }

  #lose(sent: Sent): void {
    this.#options.tally.lostBytes += sizeOf(sent)
  }

  /** There is nobody to carry to. What still comes is read and lost, as on a way to a machine that went away. */
  #stop(): void {
    clearTimeout(this.#timer)
    for (const { sent } of this.#waiting.splice(0)) this.#lose(sent)
    this.#waitingBytes = 0
    this.#options.from.resume()
  }

  /** Where nothing may pass until the conditions change, their change will pump. */
  #pumpIn(delayMs: number): void {
    if (delayMs !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.pump(), delayMs)
  }
}

function sizeOf(sent: Sent): number {
  return typeof sent === 'string' ? 0 : sent.length
}
