import { checkItem } from '../contract/invoke.ts'
import { isPosition, isTracked, trackedId } from '../contract/tracked.ts'
import { itemHead, type Prepared } from '../protocol/format.ts'
import { isPiped } from '../source/pipe.ts'
import { isSharedItem } from '../source/shared-item.ts'
import type { AnswerWriter } from './answer-writer.ts'
import type { IncomingCall } from './incoming-call.ts'
import { Outflow } from './outflow.ts'
import { Puller } from './pull.ts'
import { Pusher } from './push.ts'

/**
 * Sends what a subscription's source gives, with `credit` for a start: it is pulled, or pushes by itself. Settles once,
 * when the source has ended and cleaned up.
 */
export async function writeStream(
  call: IncomingCall,
  source: AsyncIterable<unknown>,
  answers: AnswerWriter,
  credit: number | undefined,
): Promise<unknown> {
  const flow = new Outflow(credit)
  const iterator = source[Symbol.asyncIterator]()
  const head = itemHead(call.id)
  const pulled = {
    flow,
    iterator,
    get mustWait() {
      return answers.isFull && flow.lane.characters > 0
    },
    send(given: unknown) {
      if (isPosition(given)) return answers.position(call.id, given, flow.lane)
      const prepared = prepare(call, answers, given)
      if (!(prepared instanceof Promise)) return answers.item(head, prepared, flow)
      return prepared.then((item) => answers.item(head, item, flow))
    },
  }
  call.flow = flow
  call.runner = isPiped(iterator) ? new Pusher(pulled, iterator, (change) => answers.hold(change)) : new Puller(pulled)
  if (call.invocation.isAborted) call.runner.stop()
  return call.runner.run()
}

/** An item for many streams is checked and encoded for the first of them. */
function prepare(call: IncomingCall, answers: AnswerWriter, given: unknown): Prepared | Promise<Prepared> {
  if (!isSharedItem(given)) {
    return isTracked(given)
      ? checkAndEncode(call, answers, given.value, trackedId(given))
      : checkAndEncode(call, answers, given, undefined)
  }
  const schema = call.invocation.endpoint.definition.output
  return given.preparedBy(answers.codec, schema, () => checkAndEncode(call, answers, given.value, given.id))
}

function checkAndEncode(
  call: IncomingCall,
  answers: AnswerWriter,
  item: unknown,
  eventId: string | undefined,
): Prepared | Promise<Prepared> {
  const checked = checkItem(call.invocation, item)
  if (!(checked instanceof Promise)) return answers.prepare(checked, eventId)
  return checked.then((fitting) => answers.prepare(fitting, eventId))
}
