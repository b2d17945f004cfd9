import { type CallRecord, type History, lossesDuring, type StreamRecord } from './history.ts'

/** What is wrong with what came out of a stream, or nothing. */
export function judgeStream(call: CallRecord, stream: StreamRecord, history: History): string | undefined {
  return (
    judgeEnding(call, stream, history) ??
    judgeGaps(call, stream, history) ??
    (call.kind === 'tracked' ? judgeTracked(call, stream) : judgeUntracked(call, stream))
  )
}

/** A stream ends once, by a name that fits. */
function judgeEnding(call: CallRecord, { ending, endings }: StreamRecord, history: History): string | undefined {
  if (ending === undefined) return 'has a stream that never ended'
  if (endings > 1) return `has a stream that ended ${endings} times`
  if (ending.name !== 'error') return undefined
  const isExpected = STREAM_CAUSES[ending.code]?.(call, history) ?? false
  return isExpected ? undefined : `has a stream that ended with ${ending.code} for no reason`
}

const STREAM_CAUSES: Readonly<Record<string, (call: CallRecord, history: History) => boolean>> = {
  INTERNAL: ({ task }) => task.does === 'throw',
  RESULT_DROPPED: (_call, { hasLargeAnswers }) => hasLargeAnswers,
  CANCELLED: ({ cancelledAt }) => cancelledAt !== undefined,
  CLOSED: ({ client }, { closedAt }) => closedAt.has(client),
  SESSION_LOST: ({ client }, { refused }) => refused.has(client),
}

/** A gap is told only where a session was lost while the stream was open. */
function judgeGaps({ client, calledAt }: CallRecord, { gaps }: StreamRecord, history: History): string | undefined {
  const losses = lossesDuring(history, client, calledAt, Number.POSITIVE_INFINITY)
  return gaps.length <= losses ? undefined : `was told of ${gaps.length} gaps with ${losses} lost sessions`
}

/** Kept events come each once and in order, across any number of sessions. */
function judgeTracked({ task }: CallRecord, { items, ending }: StreamRecord): string | undefined {
  const wrong = items.findIndex((item, index) => item !== index + 1)
  if (wrong !== -1) return `has item ${items[wrong]} after ${items[wrong - 1] ?? 'none'}`
  if (ending?.name !== 'complete') return undefined
  return items.length === task.items ? undefined : `completed after ${items.length} of ${task.items} items`
}

/** Live events come in order and never twice; where some are missing, a gap was told between their neighbours. */
function judgeUntracked(_call: CallRecord, { items, gaps }: StreamRecord): string | undefined {
  const gapsLeft = [...gaps]
  for (let index = 1; index < items.length; index++) {
    const [before, item] = [items[index - 1] ?? 0, items[index] ?? 0]
    if (item <= before) return `has item ${item} after ${before}`
    if (item === before + 1) continue
    const told = gapsLeft.indexOf(index)
    if (told === -1) return `has item ${item} after ${before}, and no gap was told`
    gapsLeft.splice(told, 1)
  }
  return undefined
}
