import { describe, expect, it } from 'vitest'
import { formatBinaryFrame } from './binary-frame.ts'
import { formatPiece } from './format.ts'
import { PROTOCOL_LIMITS } from './limits.ts'
import { ATTACHMENT_HEAD_BYTES, Attached, frameShare, isWhole } from './packed.ts'

const {
  frameBytes,
  frameCharacters,
  messageBytes,
  wholeBytes,
  wholeCharacters,
  pieceCharacters,
  pieceBytes,
  attachments,
  windowCharacters,
  greetingBytes,
} = PROTOCOL_LIMITS

const NO_BYTES = new Uint8Array(0)

/** `[seq,ack,` and `]` with the largest numbers, and room to spare. */
const NUMBERS_BYTES = 64

function binarySize(message: Attached): number {
  return formatBinaryFrame({ text: message.text, placed: [{ index: 0, message }] }).byteLength + NUMBERS_BYTES
}

describe("the protocol's limits", () => {
  it('let a full frame of the widest characters into one WebSocket message', () => {
    expect(frameCharacters * 3 + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let the largest whole message, and any piece, into a frame of its own', () => {
    expect(wholeBytes + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
    expect(wholeCharacters * 3).toBeLessThanOrEqual(wholeBytes)
    const widest = formatPiece('\u0000'.repeat(pieceCharacters), false)
    expect(widest.length + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let a full frame of attachments into one WebSocket message, whatever its text is beside them', () => {
    // What a head takes is counted as characters, which may have three bytes each.
    expect(ATTACHMENT_HEAD_BYTES).toBeLessThanOrEqual(frameShare(new Attached('', [NO_BYTES])) * 3)
    const heads = new Attached('\u20ac', Array(Math.floor(frameCharacters / 3)).fill(NO_BYTES))
    expect(binarySize(heads)).toBeLessThanOrEqual(frameBytes)
  })

  it('let a message with attachments go whole where its bytes allow it, and no further', () => {
    for (const bytes of [0, 1, pieceBytes, wholeBytes - ATTACHMENT_HEAD_BYTES]) {
      const room = wholeBytes - ATTACHMENT_HEAD_BYTES - bytes
      const text = '\u20ac'.repeat(Math.floor(room / 3)) + 'x'.repeat(room % 3)
      const attached = new Attached(text, [new Uint8Array(bytes)])
      expect([isWhole(attached), isWhole(new Attached(`${text}x`, attached.attachments))]).toEqual([true, false])
      expect(binarySize(attached)).toBeLessThanOrEqual(frameBytes)
    }
    expect(isWhole(new Attached('', Array(wholeBytes / ATTACHMENT_HEAD_BYTES + 1).fill(NO_BYTES)))).toBe(false)
  })

  it('let a message without attachments go whole by its bytes, not by its characters', () => {
    for (const [character, bytes] of [
      ['x', 1],
      ['ü', 2],
      ['\u20ac', 3],
      ['\ud800', 3],
      ['\u{1f600}', 4],
    ] as const) {
      const most = wholeBytes / bytes
      expect([isWhole(character.repeat(most)), isWhole(character.repeat(most + 1))]).toEqual([true, false])
    }
  })

  it('let a piece of bytes into a frame with the lengths of all attachments', () => {
    const lengths = Array(attachments).fill(Math.floor(messageBytes / attachments))
    const last = new Attached(formatPiece('', true, lengths), [new Uint8Array(pieceBytes)])
    expect(binarySize(last)).toBeLessThanOrEqual(frameBytes)
    const without = formatPiece('\u0000'.repeat(pieceCharacters), true, Array(attachments).fill(0))
    expect(without.length + NUMBERS_BYTES).toBeLessThanOrEqual(frameBytes)
  })

  it('let a piece into the window, and keep greetings far below a frame', () => {
    expect(pieceCharacters * 6).toBeLessThan(windowCharacters)
    expect(greetingBytes).toBeLessThan(frameBytes)
  })
})
