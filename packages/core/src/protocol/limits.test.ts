import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from './limits.ts'

const { frameBytes, frameCharacters, messageBytes, windowCharacters, greetingBytes } = PROTOCOL_LIMITS

/** `[seq,ack,` and `]` with the largest numbers, and room to spare. */
const NUMBERS_BYTES = 64

describe("the protocol's limits", () => {
  it('let a full frame of the widest characters into one WebSocket message', () => {
    expect(frameCharacters * 3 + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let the largest message into a frame of its own', () => {
    expect(messageBytes + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let the largest message into the window, and keep greetings far below a frame', () => {
    expect(messageBytes).toBeLessThan(windowCharacters)
    expect(greetingBytes).toBeLessThan(frameBytes)
  })
})
