import type { HotlineError } from '../contract/hotline-error.ts'
import type { Endpoint } from '../contract/procedure-table.ts'
import type { CallFields } from '../protocol/message.ts'
import { isAgain } from './call-fields.ts'
import type { IncomingCalls } from './incoming-calls.ts'
import { mayHaveRunBefore, takesNoItems, tooFast, tooManyCalls, tooManyStreams } from './refusals.ts'
import type { ResponderOptions } from './responder-options.ts'
import { mayRunAgain } from './run-once.ts'

/**
 * Why a call can't begin beside those that run; `undefined` where it may.
 * @throws ProtocolError `FLOOD` where subscriptions are opened too fast.
 */
export function whyNot(
  { path, definition }: Endpoint,
  fields: CallFields,
  { size, streams }: Pick<IncomingCalls, 'size' | 'streams'>,
  options: Pick<ResponderOptions, 'maxCalls' | 'maxStreams' | 'floods' | 'keyed'>,
): HotlineError | undefined {
  const isKeyed = fields.idempotencyKey !== undefined && options.keyed !== undefined
  if (!isKeyed && isAgain(fields) && !mayRunAgain(definition)) return mayHaveRunBefore()
  if (fields.items === true && definition.items === undefined) return takesNoItems(path)
  if (size >= options.maxCalls) return tooManyCalls(size)
  if (definition.kind !== 'subscription') return undefined
  const retryAfterMs = options.floods?.open() // a refused one costs as much to read
  if (streams >= options.maxStreams) return tooManyStreams(streams)
  return retryAfterMs === undefined ? undefined : tooFast(retryAfterMs)
}
