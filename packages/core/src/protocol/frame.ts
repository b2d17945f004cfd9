import { checkField, describeType, describeWord } from './check.ts'
import { CONTROL_FRAMES, type ControlFrame, isControlWord, parseControl } from './control.ts'
import { parseJson } from './parse-json.ts'
import { ProtocolError } from './protocol-error.ts'
import type { JsonLimits } from './scan-json.ts'

/** Numbered messages: the number of the first, the number of the last one received, then the messages, unparsed. */
export type DataFrame = readonly [seq: number, ack: number, ...messages: unknown[]]

export type Frame = DataFrame | ControlFrame

export function isDataFrame(frame: Frame): frame is DataFrame {
  return typeof frame[0] === 'number'
}

/** The frames that belong to a session; the others belong to its connection. */
export type SessionFrame = DataFrame | (ControlFrame & readonly ['ack' | 'pong' | 'ping', ...unknown[]])

export function isSessionFrame(frame: Frame): frame is SessionFrame {
  return isDataFrame(frame) || frame[0] === 'ack' || frame[0] === 'ping' || frame[0] === 'pong'
}

/**
 * The frame that a server reads, or, with its `limits`, a client. The messages of a data frame are checked one by one, later.
 * @throws ProtocolError `BAD_FRAME` for text that is no frame.
 */
export function parseFrame(text: string, limits?: JsonLimits): Frame {
  const frame = parseJson(text, 'A frame', limits)
  if (!Array.isArray(frame))
    throw new ProtocolError('BAD_FRAME', `A frame is ${describeType(frame)}: expected an array.`)
  const head: unknown = frame[0]
  if (typeof head === 'number') {
    checkField('A data frame', 'seq', 'id', head)
    checkField('A data frame', 'ack', 'count', frame[1])
    if (frame.length < 3) throw new ProtocolError('BAD_FRAME', 'A data frame has no message: expected at least one.')
    // Its two numbers have just been checked, and the rest is unknown.
    return frame as unknown as DataFrame
  }
  if (typeof head === 'string' && isControlWord(head)) return parseControl(frame, head)
  throw new ProtocolError(
    'BAD_FRAME',
    `A frame begins with ${describeWord(head)}: expected a number, or one of ${Object.keys(CONTROL_FRAMES).join(', ')}.`,
  )
}
