import { describe, expect, it } from 'vitest'
import { formatPiece } from './format.ts'
import { PROTOCOL_LIMITS } from './limits.ts'

const { frameBytes, frameCharacters, wholeCharacters, pieceCharacters, windowCharacters, greetingBytes } =
  PROTOCOL_LIMITS

/** `[seq,ack,` and `]` with the largest numbers, and room to spare. */
const NUMBERS_BYTES = 64

describe("the protocol's limits", () => {
  it('let a full frame of the widest characters into one WebSocket message', () => {
    expect(frameCharacters * 3 + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let the largest whole message, and any piece, into a frame of its own', () => {
    expect(wholeCharacters * 3 + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
    const widest = formatPiece('\u0000'.repeat(pieceCharacters), false)
    expect(widest.length + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let a piece into the window, and keep greetings far below a frame', () => {
    expect(pieceCharacters * 6).toBeLessThan(windowCharacters)
    expect(greetingBytes).toBeLessThan(frameBytes)
  })
})
