import { type Empty, type HandlerConnection, HotlineError, type Kind, type Next } from '@hotline/core'
import { type CallConnection, PROTOCOL_LIMITS, type WatchedStream } from '@hotline/core/internal'

/** What `check` is asked about. */
export interface RecheckedCall<Context, Base> {
  /** As it was when the call began; `connection.context` is the newest. */
  readonly ctx: Context
  readonly connection: HandlerConnection<Base>
  readonly path: string
  readonly kind: Kind
  readonly meta: unknown
  readonly headers: Readonly<Record<string, string>>
  /** Aborts when the call is over for another reason. */
  readonly signal: AbortSignal
}

export interface RecheckOptions<Context, Base> {
  /** A stream that runs is checked as often at least. */
  readonly everyMs: number
  /**
   * Whether the call may begin and, of a subscription, whether it may go on. `false` is `FORBIDDEN`; throw another
   * `HotlineError` to refuse by another name.
   */
  check(call: RecheckedCall<Context, Base>): boolean | Promise<boolean>
}

/** What the middleware takes: any procedure's call fits. */
interface CallToRecheck<Context, Base> extends RecheckedCall<Context, Base> {
  readonly connection: HandlerConnection<Base> & Pick<CallConnection, 'watch'>
  next(): Promise<Next<Empty>>
}

/**
 * A middleware that checks a right before the call, and again while its stream runs: every `everyMs`, when its client
 * has renewed its credentials or come back, and when `server.recheck(principal)` says so. A stream whose right is gone
 * ends by that name: its handler's `signal` aborts, and its `finally` runs. A check that fails by itself is reported and
 * asked again; failing three times in a row, it ends the stream with `TIMEOUT`.
 * @throws TypeError for an `everyMs` that no timer can hold, and a `check` that is no function.
 */
export function recheck<Context, Base>({
  everyMs,
  check,
}: RecheckOptions<Context, Base>): (call: CallToRecheck<Context, Base>) => Promise<Next<Empty>> {
  if (!(everyMs >= 1 && everyMs <= PROTOCOL_LIMITS.durationMs)) {
    throw new TypeError(`"everyMs" is ${everyMs}: give 1 to ${PROTOCOL_LIMITS.durationMs} milliseconds.`)
  }
  if (typeof check !== 'function') throw new TypeError(`"check" is of type ${typeof check}: give a function.`)
  return async (call) => {
    const mayGoOn = async () => {
      if ((await check(call)) !== true) throw new HotlineError('FORBIDDEN')
    }
    if (call.kind === 'subscription') await begin(call, { everyMs, check: mayGoOn })
    else await mayGoOn()
    return call.next()
  }
}

/** Watched from the first question on: its answer is about the rights of before where they change while it is on its way. */
async function begin(
  { connection, signal }: { readonly connection: Pick<CallConnection, 'watch'>; readonly signal: AbortSignal },
  watched: Omit<WatchedStream, 'signal'>,
): Promise<void> {
  connection.watch?.({ ...watched, signal })
  await watched.check()
  signal.throwIfAborted()
}
