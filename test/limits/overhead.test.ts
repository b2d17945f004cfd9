import { describe, expect, it } from 'vitest'
import { readFrame } from '../../packages/core/src/protocol/binary-frame.ts'
import { Delivery } from '../../packages/core/src/session/delivery.ts'

const MESSAGES_PER_FRAME = 16

/** Bytes that two ends write beside their messages, until each has written `upTo` messages, sixteen a frame. */
function overheadOf(upTo: number): { readonly perFrame: number; readonly perMessage: number } {
  const ends = [new Delivery(), new Delivery()] as const
  let [perFrame, perMessage] = [0, 0]
  for (let sent = 0; sent < upTo; sent += MESSAGES_PER_FRAME) {
    for (const [from, to] of [ends, [ends[1], ends[0]] as const]) {
      const messages = Array.from({ length: MESSAGES_PER_FRAME }, (_, index) => `["cancel",${2 * (sent + index) + 1}]`)
      for (const message of messages) from.outbox.pushCall(message)
      // Text, since none of them has attachments.
      const frame = String(from.nextFrame(0))
      // Frames of this test are ASCII: as many bytes as characters.
      const overhead = Buffer.byteLength(frame) - messages.join('').length
      perFrame = Math.max(perFrame, overhead - MESSAGES_PER_FRAME)
      perMessage = Math.max(perMessage, overhead / MESSAGES_PER_FRAME)
      // A data frame is what `nextFrame` gives.
      to.receive(readFrame(frame) as Parameters<typeof to.receive>[0], frame.length, 0, {
        take() {},
        hasRoom: () => true,
      })
    }
  }
  return { perFrame, perMessage }
}

describe('a frame of sixteen messages', () => {
  it('costs at most 24 bytes, and at most 2 per message, in the first half million of a session', () => {
    const { perFrame, perMessage } = overheadOf(500_000)
    expect(perFrame).toBeLessThanOrEqual(24)
    expect(perMessage).toBeLessThanOrEqual(2)
    // Both numbers, two brackets and a comma; and a comma before each message.
    expect({ perFrame, perMessage }).toEqual({ perFrame: 15, perMessage: 31 / 16 })
  })
})
