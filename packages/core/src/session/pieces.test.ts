import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { Attached, type Packed, textOf } from '../protocol/packed.ts'
import { Pieces } from './pieces.ts'

const { pieceBytes, pieceCharacters, frameBytes, attachments: mostAttachments } = PROTOCOL_LIMITS

function cut(message: Packed): Packed[] {
  const pieces = new Pieces(message)
  const all: Packed[] = []
  while (!pieces.isDone) all.push(pieces.next())
  return all
}

const parse = (piece: Packed): readonly unknown[] => JSON.parse(textOf(piece))

describe('pieces', () => {
  it('are first the text, then the bytes of all attachments as one run, which the last one says how to split', () => {
    const lengths = [10, 0, pieceBytes - 5, 3 * pieceBytes, 7]
    const message = new Attached(
      'x'.repeat(pieceCharacters + 1),
      lengths.map((length, index) => new Uint8Array(length).fill(index)),
    )
    const pieces = cut(message)
    expect(pieces.map(parse)).toEqual([
      ['piece', 'x'.repeat(pieceCharacters), false],
      ['piece', 'x', false],
      ...Array.from({ length: 4 }, () => ['piece', '', false]),
      ['piece', '', true, { lengths }],
    ])
    const run = pieces.flatMap((piece) => (piece instanceof Attached ? piece.attachments : []))
    expect(run.map(({ byteLength }) => byteLength)).toEqual([...Array(4).fill(pieceBytes), 12])
    const whole = message.attachments.flatMap((bytes) => [...bytes])
    expect(run.flatMap((bytes) => [...bytes])).toEqual(whole)
  })

  it('take the bytes of a large attachment as they lie there', () => {
    const bytes = new Uint8Array(3 * pieceBytes)
    const pieces = cut(new Attached('text', [bytes])).filter((piece) => piece instanceof Attached)
    expect(pieces).toHaveLength(3)
    expect(pieces.every(({ attachments }) => attachments[0]?.buffer === bytes.buffer)).toBe(true)
  })

  it('say how attachments without a byte split with the last of the text', () => {
    expect(cut(new Attached('text', [new Uint8Array(0), new Uint8Array(0)]))).toEqual([
      '["piece","text",true,{"lengths":[0,0]}]',
    ])
  })

  it('each fit into a frame, however many attachments there are and whatever the text is', () => {
    const count = fc.constantFrom(1, 100, mostAttachments)
    const length = fc.constantFrom(0, 9, 104)
    fc.assert(
      fc.property(count, length, fc.constantFrom('\u0000', '"', 'ü', '\u{1f600}'), (count, length, character) => {
        const attachments = Array.from({ length: count }, () => new Uint8Array(length))
        for (const piece of cut(new Attached(character.repeat(pieceCharacters), attachments))) {
          const bytes = new TextEncoder().encode(textOf(piece)).byteLength + (piece.length - textOf(piece).length)
          expect(bytes + 100).toBeLessThan(frameBytes)
        }
      }),
    )
  })
})
