import type { Logger } from '../logger.ts'
import { type Limiter, takePoint } from './limiter.ts'

/** What becomes of a call that can't be counted. */
export type WhenStoreFails = 'count-here' | 'allow' | 'refuse'

export interface GuardOptions {
  /** Counts while the store fails; `undefined` where such calls are let through, or refused. */
  readonly substitute: Limiter | undefined
  readonly whenStoreFails: WhenStoreFails
  /** A store that hasn't answered by then has failed. */
  readonly storeTimeoutMs: number
  readonly logger: Logger
}

/** How long callers are told to wait while the store can't be asked. */
const RETRY_AFTER_MS = 1_000

/** A limiter whose store may fail: it says so once, and again when it is back. */
export class GuardedLimiter {
  readonly #limiter: Limiter
  readonly #options: GuardOptions
  #hasFailed = false

  constructor(limiter: Limiter, options: GuardOptions) {
    this.#limiter = limiter
    this.#options = options
  }

  /** Takes one point. Gives how long the key has to wait: 0 where it may go on now. */
  async take(key: string): Promise<number> {
    try {
      const wait = await within(this.#options.storeTimeoutMs, takePoint(this.#limiter, key))
      this.#worked()
      return wait
    } catch (error) {
      this.#failed(error)
    }
    const { substitute, whenStoreFails } = this.#options
    if (substitute !== undefined) return takePoint(substitute, key)
    return whenStoreFails === 'allow' ? 0 : RETRY_AFTER_MS
  }

  #failed(err: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    const { logger, whenStoreFails } = this.#options
    logger.warn(
      { err },
      `the store of a rate limit fails; until it works again, calls are ${MEANWHILE[whenStoreFails]}`,
    )
  }

  #worked(): void {
    if (!this.#hasFailed) return
    this.#hasFailed = false
    this.#options.logger.info({}, 'the store of a rate limit works again')
  }
}

const MEANWHILE: Readonly<Record<WhenStoreFails, string>> = {
  'count-here': 'counted by each process alone',
  allow: 'let through uncounted',
  refuse: 'refused',
}

/** A command to a frozen store waits for ever, and so would the call. */
function within<Value>(timeoutMs: number, answer: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`The store has not answered within ${timeoutMs} ms.`))
    const timer = setTimeout(late, timeoutMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
