import {
  type Frame,
  isDataFrame,
  PROTOCOL_LIMITS,
  parseMessage,
  readFrame,
  Unpacked,
  utf8Bytes,
} from '@hotline/core/internal'
import type { Round } from './round.ts'

/** Whatever came in, what goes out must be what PROTOCOL.md has. Gives it taken apart, `undefined` where it can't be. */
export function judgeSent(round: Round, side: 'client' | 'server', frame: string | Uint8Array): Frame | undefined {
  const bytes = typeof frame === 'string' ? utf8Bytes(frame) : frame.length
  if (bytes > PROTOCOL_LIMITS.frameBytes) round.crash(`the ${side} sent a frame of ${bytes} bytes`)
  try {
    const parsed = readFrame(frame)
    if (!isDataFrame(parsed)) return parsed
    const [seq, ack, ...messages] = parsed
    return [seq, ack, ...messages.map((each) => parseMessage(each instanceof Unpacked ? each.message : each))]
  } catch (error) {
    round.crash(`the ${side} sent what no peer takes (${error instanceof Error ? error.message : error}): ${frame}`)
    return undefined
  }
}
