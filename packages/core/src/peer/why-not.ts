import type { HotlineError } from '../contract/hotline-error.ts'
import type { Endpoint } from '../contract/procedure-table.ts'
import type { CallFields } from '../protocol/message.ts'
import { isAgain } from './call-fields.ts'
import type { IncomingCalls } from './incoming-calls.ts'
import { mayHaveRunBefore, takesNoItems, tooFast, tooManyCalls, tooManyStreams } from './refusals.ts'
import type { ResponderOptions } from './responder-options.ts'
import { mayRunAgain } from './run-once.ts'

/** What bounds the calls of one session. */
export interface CallBounds extends Pick<ResponderOptions, 'maxCalls' | 'maxStreams' | 'floods' | 'keyed'> {
  /** Those that run. */
  readonly calls: Pick<IncomingCalls, 'size' | 'streams'>
}

/**
 * Why a call can't begin; `undefined` where it may.
 * @throws ProtocolError `FLOOD` where subscriptions are opened too fast.
 */
export function whyNot(
  { path, definition }: Endpoint,
  fields: CallFields,
  { calls, maxCalls, maxStreams, floods, keyed }: CallBounds,
): HotlineError | undefined {
  const { size, streams } = calls
  const isKeyed = keyed !== undefined && fields.idempotencyKey !== undefined
  if (!isKeyed && isAgain(fields) && !mayRunAgain(definition)) return mayHaveRunBefore()
  if (fields.items === true && definition.items === undefined) return takesNoItems(path)
  if (size >= maxCalls) return tooManyCalls(size)
  if (definition.kind !== 'subscription') return undefined
  const retryAfterMs = floods?.open() // a refused one costs as much to read
  if (streams >= maxStreams) return tooManyStreams(streams)
  return retryAfterMs === undefined ? undefined : tooFast(retryAfterMs)
}
