import { checkItem } from '../contract/invoke.ts'
import { isTracked, trackedId } from '../contract/tracked.ts'
import { formatItem, type ValueText } from '../protocol/format.ts'
import type { IncomingCall } from './incoming-call.ts'

/** What a stream's writer needs of the responder. */
export interface Answers {
  item(call: IncomingCall, text: string): void
  end(call: IncomingCall, value: unknown): void
  fail(call: IncomingCall, thrown: unknown): void
  encode(value: unknown, fieldsFollow: boolean): ValueText | undefined
}

/** Characters of one stream that may wait; then its source isn't pulled until they have left. */
const LANE_CHARACTERS = 64 * 1024

/** Pulls a subscription's source and sends what it gives. It ends the call once, after the source has ended. */
export function writeStream(call: IncomingCall, source: AsyncIterable<unknown>, answers: Answers): void {
  pull(call, source, answers).then(
    (value) => answers.end(call, value),
    (thrown) => answers.fail(call, thrown),
  )
}

async function pull(call: IncomingCall, source: AsyncIterable<unknown>, answers: Answers): Promise<unknown> {
  const { invocation } = call
  const iterator = source[Symbol.asyncIterator]()
  let stopped: Promise<unknown> | undefined
  call.stopSource = () => {
    stopped ??= Promise.resolve(iterator.return?.())
    stopped.catch(() => {})
  }
  if (invocation.isAborted) call.stopSource()
  for (;;) {
    const step = await iterator.next()
    if (step.done === true) return step.value
    if (invocation.isAborted) return stopped
    try {
      const given: unknown = step.value
      const checked = checkItem(invocation, isTracked(given) ? given.value : given)
      const item: unknown = checked instanceof Promise ? await checked : checked
      answers.item(call, itemText(call, item, isTracked(given) ? trackedId(given) : undefined, answers))
    } catch (thrown) {
      call.stopSource()
      await stopped
      throw thrown
    }
    if (call.lane.characters > LANE_CHARACTERS) await emptied(call)
  }
}

function itemText(call: IncomingCall, item: unknown, eventId: string | undefined, answers: Answers): string {
  const fields = eventId === undefined ? '' : `"eventId":${JSON.stringify(eventId)}`
  return formatItem(call.id, answers.encode(item, fields !== ''), fields)
}

function emptied(call: IncomingCall): Promise<void> {
  return new Promise((resolve) => {
    if (call.invocation.isAborted) return resolve()
    call.lane.onEmpty = resolve
  })
}
