import { checkItem } from '../contract/invoke.ts'
import { isPosition, isTracked, trackedId } from '../contract/tracked.ts'
import { StreamLane } from '../session/outbox.ts'
import type { AnswerWriter } from './answer-writer.ts'
import type { IncomingCall } from './incoming-call.ts'

/** Characters of one stream that may wait; then its source isn't pulled until they have left. */
const LANE_CHARACTERS = 64 * 1024

/** Pulls a subscription's source and sends what it gives. Settles once, when the source has ended and cleaned up. */
export async function writeStream(
  call: IncomingCall,
  source: AsyncIterable<unknown>,
  answers: AnswerWriter,
): Promise<unknown> {
  const { invocation } = call
  const lane = new StreamLane()
  call.lane = lane
  const iterator = source[Symbol.asyncIterator]()
  let stopped: Promise<unknown> | undefined
  call.stopSource = () => {
    stopped ??= stop(iterator)
    // It is awaited where the stream ends; until then it isn't unhandled.
    stopped.catch(() => {})
  }
  if (invocation.isAborted) call.stopSource()
  for (;;) {
    const step = await iterator.next()
    if (step.done === true) return step.value
    if (invocation.isAborted) return stopped
    try {
      const given: unknown = step.value
      if (isPosition(given)) {
        answers.position(call.id, given, lane)
        continue
      }
      const checked = checkItem(invocation, isTracked(given) ? given.value : given)
      const item: unknown = checked instanceof Promise ? await checked : checked
      answers.item(call.id, item, isTracked(given) ? trackedId(given) : undefined, lane)
    } catch (thrown) {
      call.stopSource()
      await stopped
      throw thrown
    }
    const isFull = lane.characters > LANE_CHARACTERS || (answers.isFull && lane.characters > 0)
    if (isFull && !invocation.isAborted) await lane.emptied()
  }
}

/** A source's `return` may throw at once, where a generator's rejects. */
async function stop(iterator: AsyncIterator<unknown>): Promise<unknown> {
  return iterator.return?.()
}
