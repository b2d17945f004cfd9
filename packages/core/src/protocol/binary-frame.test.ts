import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBinaryFrame, parseBinaryFrame, readFrame } from './binary-frame.ts'
import { PROTOCOL_LIMITS } from './limits.ts'
import { Attached, pack, textOf, Unpacked } from './packed.ts'
import { ProtocolError } from './protocol-error.ts'

/** Texts of messages, some with attachments. */
const messages = fc.array(
  fc.record({
    value: fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
    attachments: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 6 },
)

type Written = typeof messages extends fc.Arbitrary<infer Value> ? Value : never

function write(written: Written): Uint8Array {
  const packed = written.map(({ value, attachments }, index) =>
    pack(JSON.stringify(['result', index + 1, value]), attachments),
  )
  const placed = packed.flatMap((message, index) => (message instanceof Attached ? [{ index, message }] : []))
  return formatBinaryFrame({ text: `[7,3,${packed.map(textOf).join(',')}]`, placed })
}

/** A frame put together by hand, byte by byte. */
function bytesOf(header: string | readonly number[], ...behind: (readonly number[])[]): Uint8Array {
  const head = typeof header === 'string' ? [...new TextEncoder().encode(header)] : header
  return new Uint8Array([0, 0, head.length >> 8, head.length & 255, ...head, ...behind.flat()])
}

const one = (index: number, ...bytes: readonly number[]): number[] => [0, 0, 0, index, 0, 0, 0, bytes.length, ...bytes]

describe('a binary frame', () => {
  it('is a length, the text of the frame, and each attachment behind its message and its length', () => {
    const message = new Attached('["result",1,0]', [new Uint8Array([1, 2, 3]), new Uint8Array(0)])
    const frame = formatBinaryFrame({ text: '[1,0,["cancel",3],["result",1,0]]', placed: [{ index: 1, message }] })
    expect(frame).toEqual(bytesOf('[1,0,["cancel",3],["result",1,0]]', one(1, 1, 2, 3), one(1)))
  })

  it('is read as it was written, wherever its bytes lie', () => {
    fc.assert(
      fc.property(messages, fc.nat(9), (written, offset) => {
        const frame = write(written)
        const slab = new Uint8Array(offset + frame.byteLength + 3)
        slab.set(frame, offset)
        const [seq, ack, ...read] = parseBinaryFrame(slab.subarray(offset, offset + frame.byteLength))
        expect([seq, ack]).toEqual([7, 3])
        written.forEach(({ value, attachments }, index) => {
          const message = JSON.parse(JSON.stringify(['result', index + 1, value]))
          const expected = attachments.length === 0 ? message : new Unpacked(message, attachments)
          expect(read[index]).toEqual(expected)
        })
      }),
    )
  })

  it('hands its attachments up as they lie in it, without a copy', () => {
    const frame = bytesOf('[1,0,["result",1,0]]', one(0, 5, 6))
    const [, , message] = parseBinaryFrame(frame)
    expect((message as Unpacked).attachments[0]?.buffer).toBe(frame.buffer)
  })

  it('copies what it is written from once: what its sender keeps is not what travels', () => {
    const bytes = new Uint8Array([1, 2])
    const frame = formatBinaryFrame({ text: '[1,0,0]', placed: [{ index: 0, message: new Attached('0', [bytes]) }] })
    bytes.fill(9)
    expect(frame.subarray(-2)).toEqual(new Uint8Array([1, 2]))
  })

  it('may have no attachments', () => {
    expect(readFrame(bytesOf('[1,0,["cancel",1]]'))).toEqual([1, 0, ['cancel', 1]])
  })

  it.each<[string, Uint8Array, string]>([
    ['nothing in it', new Uint8Array(0), 'A binary frame has 0 bytes: expected at least 4, the length of its header.'],
    ['half a length', new Uint8Array(3), 'A binary frame has 3 bytes: expected at least 4'],
    ['a header that goes beyond its end', new Uint8Array([0, 0, 0, 2, 91]), 'has a header of 2 bytes: 1 are left.'],
    ['a header of 4 GiB', new Uint8Array([255, 255, 255, 255, 91]), 'has a header of 4294967295 bytes: 1 are left.'],
    ['a header that is no UTF-8', bytesOf([91, 0xff, 93]), "has a header of 3 bytes that aren't UTF-8."],
    ['half a surrogate pair in its header', bytesOf([91, 0xed, 0xa0, 0x80, 93]), "that aren't UTF-8."],
    ['an empty header', bytesOf(''), "A frame of 0 characters isn't JSON."],
    ['a byte order mark', bytesOf([0xef, 0xbb, 0xbf, 91, 93]), "isn't JSON."],
    ['no data frame', bytesOf('["ping"]'), 'A binary frame has the control frame "ping": expected a data frame.'],
    ['no message', bytesOf('[1,0]', one(0)), 'A data frame has no message: expected at least one.'],
    ['half of what stands before an attachment', bytesOf('[1,0,0]', [0, 0, 0]), 'ends with 3 bytes: expected the 8'],
    ['an attachment that is cut off', bytesOf('[1,0,0]', [...one(0, 1, 2).slice(0, -1)]), 'of 2 bytes: 1 are left.'],
    ['bytes behind its last attachment', bytesOf('[1,0,0]', one(0, 1), [7]), 'A binary frame ends with 1 bytes'],
    ['an attachment of a message that it lacks', bytesOf('[1,0,0]', one(1)), 'of message 1: it has 1 messages'],
    ['attachments out of order', bytesOf('[1,0,0,0]', one(1), one(0)), 'of message 0 behind one of message 1.'],
  ])('with %s is none', (_, bytes, message) => {
    expect(() => readFrame(bytes)).toThrow(expect.objectContaining({ close: 'BAD_FRAME' }))
    expect(() => readFrame(bytes)).toThrow(message)
  })

  it('has no more attachments of a message than there may be', () => {
    const attachments = Array.from({ length: PROTOCOL_LIMITS.attachments }, () => new Uint8Array(0))
    const frame = (more: number) =>
      formatBinaryFrame({
        text: '[1,0,0]',
        placed: [{ index: 0, message: new Attached('0', [...attachments, ...attachments.slice(0, more)]) }],
      })
    expect((parseBinaryFrame(frame(0))[2] as Unpacked).attachments).toHaveLength(PROTOCOL_LIMITS.attachments)
    expect(() => parseBinaryFrame(frame(1))).toThrow('has too many attachments of message 0: expected at most 10000.')
  })

  it('never fails but by name, whatever bytes come', () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.integer({ min: 0, max: 255 }),
      does: fc.constantFrom('set', 'cut', 'add'),
    })
    fc.assert(
      fc.property(messages, fc.array(change, { maxLength: 5 }), (written, changes) => {
        let bytes: number[] = [...write(written)]
        for (const { at, to, does } of changes) {
          const index = at % (bytes.length + 1)
          if (does === 'set') bytes[index] = to
          else if (does === 'add') bytes.splice(index, 0, to)
          else bytes = bytes.slice(0, index)
        }
        expectNamed(() => readFrame(new Uint8Array(bytes)))
      }),
      { numRuns: 2_000 },
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expectNamed(() => readFrame(bytes))))
  })
})

function expectNamed(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
  }
}
