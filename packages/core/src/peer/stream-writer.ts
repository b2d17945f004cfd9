import { checkItem } from '../contract/invoke.ts'
import { isPosition, isTracked, trackedId } from '../contract/tracked.ts'
import type { AnswerWriter } from './answer-writer.ts'
import type { IncomingCall } from './incoming-call.ts'
import { Outflow } from './outflow.ts'
import { Puller } from './pull.ts'

/**
 * Pulls a subscription's source and sends what it gives, with `credit` for a start. Settles once, when the source has
 * ended and cleaned up.
 */
export async function writeStream(
  call: IncomingCall,
  source: AsyncIterable<unknown>,
  answers: AnswerWriter,
  credit: number | undefined,
): Promise<unknown> {
  const flow = new Outflow(credit)
  call.flow = flow
  call.puller = new Puller({
    flow,
    iterator: source[Symbol.asyncIterator](),
    get mustWait() {
      return answers.isFull && flow.lane.characters > 0
    },
    send(given) {
      if (isPosition(given)) return answers.position(call.id, given, flow.lane)
      const checked = checkItem(call.invocation, isTracked(given) ? given.value : given)
      const eventId = isTracked(given) ? trackedId(given) : undefined
      if (!(checked instanceof Promise)) return answers.item(call.id, checked, eventId, flow)
      return checked.then((item) => answers.item(call.id, item, eventId, flow))
    },
  })
  if (call.invocation.isAborted) call.puller.stop()
  return call.puller.run()
}
