import { isDataFrame, PROTOCOL_LIMITS, parseMessage, utf8Bytes } from '@hotline/core/internal'
import type { Round } from './round.ts'
import { heardFrame } from './speech.ts'

/** Whatever came in, what goes out must be what PROTOCOL.md has. */
export function judgeSent(round: Round, side: 'client' | 'server', frame: string | Uint8Array): void {
  const bytes = typeof frame === 'string' ? utf8Bytes(frame) : frame.length
  if (bytes > PROTOCOL_LIMITS.frameBytes) round.crash(`the ${side} sent a frame of ${bytes} bytes`)
  try {
    const parsed = heardFrame(frame)
    if (!isDataFrame(parsed)) return
    for (const message of parsed.slice(2)) parseMessage(message)
  } catch (error) {
    round.crash(`the ${side} sent what no peer takes (${error instanceof Error ? error.message : error}): ${frame}`)
  }
}
