import { HotlineError, isHotlineError } from '@hotline/core'
import {
  type Alarms,
  type IncomingCall,
  type IncomingCalls,
  isThrowable,
  type Sleeper,
  type WatchedStream,
} from '@hotline/core/internal'
import type { ServerFailure, Settings } from './options.ts'

type Calls = Pick<IncomingCalls, 'size' | 'values' | 'get'>

/** What it needs of the server. */
interface WatchHost {
  readonly settings: Pick<Settings, 'environment'>
  readonly alarms: Alarms
  report(failure: ServerFailure): void
}

/** A stream between two questions. */
interface Watching {
  readonly stream: WatchedStream
  askAt: number
  /** Whether the last question has no answer yet. */
  isAsked: boolean
  /** How often in a row the question itself has failed. */
  failures: number
}

/** A check that fails so often in a row ends its stream: nobody knows any more whether it may go on. */
const MAX_FAILURES = 3

/** Streams are asked a little before their time, each at another moment: those of a restart would all come at once. */
const EARLIEST = 0.75

/** Asks of the streams of one session, again and again, whether they may go on, and ends those that may not. */
export class StreamWatch implements Sleeper {
  readonly #host: WatchHost
  readonly #principal: string | undefined
  readonly #calls: Calls
  readonly #watched = new Set<Watching>()
  #isOver = false

  constructor(host: WatchHost, principal: string | undefined, calls: Calls) {
    this.#host = host
    this.#principal = principal
    this.#calls = calls
  }

  /** Streams that are watched, and some that have ended since. */
  get size(): number {
    return this.#watched.size
  }

  add(stream: WatchedStream): void {
    if (this.#isOver) return
    // Nobody tells when a stream has ended, so those must not pile up until their time.
    if (this.#watched.size > 2 * this.#calls.size) this.#running()
    const watching = { stream, askAt: this.#next(stream), isAsked: false, failures: 0 }
    this.#watched.add(watching)
    this.#host.alarms.set(this, watching.askAt)
  }

  /** Asks of all of them at once: the credentials are other ones, or somebody's rights have changed. */
  askAll(): void {
    for (const [watching, call] of this.#running()) {
      // An answer that is on its way is about the rights of before.
      watching.isAsked = false
      void this.#ask(watching, call)
    }
  }

  wake(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const [watching, call] of this.#running()) {
      if (watching.askAt <= now) {
        watching.askAt = this.#next(watching.stream)
        void this.#ask(watching, call)
      }
      next = Math.min(next, watching.askAt)
    }
    return next
  }

  /** The session is over, and its streams with it. */
  end(): void {
    this.#isOver = true
    this.#watched.clear()
    this.#host.alarms.delete(this)
  }

  #next({ everyMs }: WatchedStream): number {
    const { environment } = this.#host.settings
    return environment.now() + everyMs * (EARLIEST + (1 - EARLIEST) * environment.random())
  }

  /** Those whose stream still runs. The others are forgotten on the way. */
  #running(): readonly (readonly [Watching, IncomingCall])[] {
    if (this.#watched.size === 0) return []
    const bySignal = new Map<AbortSignal, IncomingCall>()
    for (const call of this.#calls.values()) if (call.isStream) bySignal.set(call.invocation.signal, call)
    const running: [Watching, IncomingCall][] = []
    for (const watching of this.#watched) {
      const call = bySignal.get(watching.stream.signal)
      if (call === undefined) this.#watched.delete(watching)
      else running.push([watching, call])
    }
    return running
  }

  async #ask(watching: Watching, call: IncomingCall): Promise<void> {
    const { stream } = watching
    if (watching.isAsked) return this.#failed(watching, call, new Error(hasNotAnswered(call, stream)))
    watching.isAsked = true
    try {
      await stream.check()
      watching.failures = 0
    } catch (thrown) {
      if (isRefusal(thrown)) this.#end(call, thrown)
      else this.#failed(watching, call, thrown)
    } finally {
      watching.isAsked = false
    }
  }

  #failed(watching: Watching, call: IncomingCall, error: unknown): void {
    const { path } = call.invocation
    watching.failures++
    this.#host.report({ error, path, id: undefined, principal: this.#principal })
    if (watching.failures < MAX_FAILURES) return
    const message = `Whether this stream may go on could not be checked ${MAX_FAILURES} times in a row: open it again later.`
    this.#end(call, new HotlineError('TIMEOUT', undefined, { message }))
  }

  /** One that has ended while it was asked about hears of nothing any more. */
  #end(call: IncomingCall, reason: HotlineError): void {
    if (this.#calls.get(call.id) === call) call.abort(reason)
  }
}

/** Anything can be thrown, a proxy with traps too. */
function isRefusal(thrown: unknown): thrown is HotlineError {
  try {
    return isHotlineError(thrown) && isThrowable(thrown.code)
  } catch {
    return false
  }
}

function hasNotAnswered({ invocation }: IncomingCall, { everyMs }: WatchedStream): string {
  return `The "check" of "${invocation.path}" has not answered within its ${everyMs} ms.`
}
