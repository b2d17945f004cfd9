import { HotlineError } from '@hotline/core'
import { type Invocation, onAbort } from '@hotline/core/internal'

/** When a caller in the same process waits no longer for a call. */
interface Patience {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

/** The end of a call whose caller doesn't wait for its answer: the caller hears of it at once, the handler through its own signal. */
export class EarlyEnd {
  readonly #patience: Patience
  #invocation: Invocation | undefined
  #error: HotlineError | undefined

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /**
   * The procedure is there, and is about to run.
   * @throws HotlineError where the call ended while it was loaded.
   */
  begin(invocation: Invocation): void {
    if (this.#error !== undefined) throw this.#error
    this.#invocation = invocation
  }

  /** Gives what `running` gives, or rejects with `CANCELLED` or `TIMEOUT` before that. */
  race<Value>(running: Promise<Value>): Promise<Value> {
    const { signal, timeoutMs } = this.#patience
    if (signal === undefined && timeoutMs === undefined) return running
    return new Promise((resolve, reject) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => reject(this.#end('TIMEOUT')), timeoutMs)
      const ignore = signal && onAbort(signal, () => reject(this.#end('CANCELLED')))
      running.then(resolve, reject).finally(() => {
        clearTimeout(timer)
        ignore?.()
      })
    })
  }

  #end(code: 'CANCELLED' | 'TIMEOUT'): HotlineError {
    const invocation = this.#invocation
    const details = { cause: this.#patience.signal?.reason, mayHaveRun: invocation?.hasBegun ?? false }
    const error = new HotlineError(code, undefined, details)
    this.#error = error
    if (invocation === undefined) return error
    invocation.isOver = true
    invocation.abort(error)
    return error
  }
}
