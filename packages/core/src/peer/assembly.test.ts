import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBinaryFrame, parseBinaryFrame } from '../protocol/binary-frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { parseMessage } from '../protocol/message.ts'
import { pack, textOf, Unpacked } from '../protocol/packed.ts'
import type { JsonLimits } from '../protocol/scan-json.ts'
import { Delivery } from '../session/delivery.ts'
import { Holdings } from '../session/holdings.ts'
import { Outbox, StreamLane } from '../session/outbox.ts'
import { Assembly } from './assembly.ts'

const { wholeBytes, messageBytes, pieceBytes, attachments } = PROTOCOL_LIMITS

/** Everything that an outbox has, taken as the other end would, with its pieces put together. */
function across(outbox: Outbox): unknown[] {
  const assembly = new Assembly()
  const arrived: unknown[] = []
  for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true)) {
    const message = parseMessage(JSON.parse(textOf(text)))
    if (message[0] !== 'piece') arrived.push(message)
    else {
      const whole = assembly.add(message, typeof text === 'string' ? undefined : text.attachments)
      if (message[2]) arrived.push(whole)
    }
  }
  return arrived
}

const result = (id: number, text: string): string => JSON.stringify(['result', id, text])

describe('a message in pieces', () => {
  it('is whole though an application gives the buffer of a value away that came in one frame with a piece', () => {
    const delivery = new Delivery()
    const large = new Uint8Array(60_000).fill(7)
    delivery.outbox.pushCall(pack('["result",1,0]', [large]))
    delivery.outbox.pushStream(new StreamLane(), pack('["item",3,5000,0]', [new Uint8Array(5_000)]))
    const assembly = new Assembly()
    const given: Uint8Array[] = []
    let whole: unknown
    for (let frame = delivery.nextFrame(0); typeof frame === 'object'; frame = delivery.nextFrame(0)) {
      const [, , ...messages] = parseBinaryFrame(formatBinaryFrame(frame))
      for (const got of messages) {
        const { message, attachments } = got instanceof Unpacked ? got : new Unpacked(got, [])
        const parsed = parseMessage(message)
        if (parsed[0] === 'piece') whole = assembly.add(parsed, attachments)
        else given.push(...attachments)
      }
      // As `postMessage` does to what it is told to transfer.
      for (const { buffer } of given.splice(0)) structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
    }
    expect(whole).toEqual(new Unpacked(['result', 1, 0], [large]))
  })

  it('is put together as it was, whatever characters the cuts fall between', () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '\u{1f600}', '\ud83d', '\u2028', '"', '\\'), { minLength: 1 })
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 8 }), (characters, shift) => {
        const large = 'x'.repeat(shift) + characters.join('').repeat(Math.ceil(150_000 / characters.join('').length))
        const outbox = new Outbox()
        outbox.pushCall(result(1, large))
        expect(across(outbox)).toEqual([['result', 1, large]])
      }),
      { numRuns: 40 },
    )
  })

  it('C8: gives way to what is small, and comes whole among other large ones, in the order of each stream', () => {
    const size = fc.constantFrom(10, wholeBytes - 100, wholeBytes + 1, 3 * wholeBytes)
    fc.assert(
      fc.property(
        fc.array(fc.record({ lane: fc.integer({ min: 0, max: 3 }), size }), { maxLength: 20, size: 'max' }),
        (messages) => {
          const outbox = new Outbox()
          const lanes = [new StreamLane(), new StreamLane(), new StreamLane()]
          const expected: string[][] = [[], [], [], []]
          messages.forEach(({ lane, size }, index) => {
            const text = result(index + 1, 'x'.repeat(size))
            expected[lane]?.push(text)
            const stream = lanes[lane]
            if (stream === undefined) outbox.pushCall(text)
            else outbox.pushStream(stream, text)
          })
          const arrived = across(outbox).map((message) => JSON.stringify(message))
          expect(arrived.length).toBe(messages.length)
          for (const [lane, texts] of expected.entries()) {
            // Small calls overtake large ones; a stream keeps its order.
            const own = arrived.filter((text) => texts.includes(text))
            if (lane < 3) expect(own).toEqual(texts)
            else expect(own.sort()).toEqual([...texts].sort())
          }
          expect([outbox.isEmpty, outbox.characters]).toEqual([true, 0])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('C8: lets a small call pass after its first piece', () => {
    const outbox = new Outbox()
    outbox.pushCall(result(1, 'x'.repeat(3 * wholeBytes)))
    expect(outbox.take(0, true)).toContain('["piece",')
    outbox.pushCall(result(3, 'small'))
    expect(outbox.take(0, true)).toBe(result(3, 'small'))
  })

  it('X7: is refused from the piece on that makes it too large', () => {
    const assembly = new Assembly()
    const half = 'ü'.repeat(messageBytes / 4)
    assembly.add(['piece', half, false])
    assembly.add(['piece', half, false])
    expect(() => assembly.add(['piece', 'x', false])).toThrow(expect.objectContaining({ close: 'BAD_FRAME' }))
  })

  it('is refused where the whole is not JSON, and the next one is fine', () => {
    const assembly = new Assembly()
    assembly.add(['piece', '["result"', false])
    expect(() => assembly.add(['piece', ',1', true])).toThrow("A message in pieces of 11 characters isn't JSON.")
    expect(assembly.add(['piece', '["result",1]', true])).toEqual(['result', 1])
  })

  it('has its attachments as they were, cut anywhere and among others', () => {
    const length = fc.oneof(fc.constantFrom(0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1), fc.nat(3 * pieceBytes))
    fc.assert(
      fc.property(fc.array(fc.array(length, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), (lengthsOfEach) => {
        const outbox = new Outbox()
        lengthsOfEach.forEach((lengths, index) => {
          const attachments = lengths.map((length, at) => new Uint8Array(length).fill(7 * index + at + 1))
          outbox.pushStream(new StreamLane(), pack(result(index + 1, 'x'.repeat(wholeBytes)), attachments))
        })
        const arrived = across(outbox).sort((a, b) => idOf(a) - idOf(b))
        lengthsOfEach.forEach((lengths, index) => {
          const message = ['result', index + 1, 'x'.repeat(wholeBytes)]
          const attachments = lengths.map((length, at) => new Uint8Array(length).fill(7 * index + at + 1))
          const expected = lengths.length === 0 ? message : new Unpacked(message, attachments)
          expect(equals(arrived[index], expected)).toBe(true)
        })
        expect([outbox.isEmpty, outbox.characters]).toEqual([true, 0])
      }),
      { numRuns: 60 },
    )
  })

  it('may have 1 MiB of bytes and text together, and not one more', () => {
    const text = '["result",1,0]'
    const fill = (assembly: Assembly, bytes: number) => {
      assembly.add(['piece', text, false])
      for (let left = bytes; left > 0; left -= pieceBytes) {
        assembly.add(['piece', '', false], [new Uint8Array(Math.min(left, pieceBytes)).fill(1)])
      }
      return assembly.add(['piece', '', true, { lengths: [bytes] }])
    }
    const whole = fill(new Assembly(), messageBytes - text.length) as Unpacked
    expect(whole.attachments.map(({ byteLength }) => byteLength)).toEqual([messageBytes - text.length])
    expect(whole.attachments[0]?.buffer.byteLength).toBe(messageBytes - text.length)
    const tooMuch = 'A message in pieces has 1048577 bytes so far: expected at most 1048576.'
    expect(() => fill(new Assembly(), messageBytes - text.length + 1)).toThrow(tooMuch)
    // From the piece on that makes it too large, without a last one.
    const assembly = new Assembly()
    assembly.add(['piece', '', false], [new Uint8Array(messageBytes)])
    expect(() => assembly.add(['piece', '', false], [new Uint8Array(1)])).toThrow(tooMuch)
  })

  it('keeps nothing of the frames that its bytes came in, and each of its attachments in a buffer of its own', () => {
    const frame = new Uint8Array(pieceBytes)
    const assembly = new Assembly()
    assembly.add(['piece', '["result",1,0]', false], [frame.subarray(0, 2)])
    const whole = assembly.add(['piece', '', true, { lengths: [1, 1] }]) as Unpacked
    expect(whole.attachments.map(({ buffer }) => buffer.byteLength)).toEqual([1, 1])
  })

  it.each<[string, readonly number[] | undefined, string]>([
    ['more bytes than came', [2, 2], 'has 3 bytes of attachments: its last piece says that they have 4.'],
    ['fewer bytes than came', [1, 1], 'has 3 bytes of attachments: its last piece says that they have 2.'],
    ['nothing of the bytes that came', undefined, 'its last piece says that they have 0.'],
    ['too many attachments', [3, ...Array(attachments).fill(0)], 'has 10001 attachments: expected at most 10000.'],
  ])('is refused where its last piece says %s', (_, lengths, message) => {
    const assembly = new Assembly()
    assembly.add(['piece', '["result",1,0]', false], [new Uint8Array(3)])
    const last = () => assembly.add(['piece', '', true, lengths === undefined ? {} : { lengths }])
    expect(last).toThrow(expect.objectContaining({ close: 'BAD_FRAME', message: expect.stringContaining(message) }))
  })

  it('may have as many attachments as a message may', () => {
    const assembly = new Assembly()
    assembly.add(['piece', '["result",1,0]', false], [new Uint8Array(3)])
    const whole = assembly.add(['piece', '', true, { lengths: [3, ...Array(attachments - 1).fill(0)] }]) as Unpacked
    expect(whole.attachments.length).toBe(attachments)
  })

  it('counts among what its session holds until it is whole, and then as a message of its size', () => {
    const holdings = new Holdings()
    const assembly = new Assembly(undefined, holdings)
    for (let round = 0; round < 2; round++) {
      assembly.add(['piece', '["result",1,0]', false])
      assembly.add(['piece', '', false], [new Uint8Array(pieceBytes)])
      expect([holdings.size, assembly.size]).toEqual([14 + pieceBytes, 14 + pieceBytes])
      assembly.add(['piece', '', true, { lengths: [pieceBytes] }])
      expect([holdings.size, holdings.messageSize, assembly.size]).toEqual([0, 14 + pieceBytes, 0])
    }
  })

  it('is as deep and has as many nodes as its reader takes', () => {
    const numbers = JSON.stringify(['result', 1, Array(20_000).fill(0)])
    const add = (limits: JsonLimits) => new Assembly(limits).add(['piece', numbers, true])
    expect(add({ depth: 64, nodes: 30_000 })).toMatchObject(['result', 1, { length: 20_000 }])
    expect(() => add({ depth: 64, nodes: 10_000 })).toThrow(expect.objectContaining({ close: 'BAD_FRAME' }))
  })

  it('is refused where a piece has two attachments', () => {
    const two = [new Uint8Array(1), new Uint8Array(1)]
    expect(() => new Assembly().add(['piece', '', false], two)).toThrow('2 attachments in a piece')
  })
})

const idOf = (message: unknown): number =>
  ((message instanceof Unpacked ? message.message : message) as [string, number])[1]

/** Element by element, `toEqual` takes seconds for a megabyte. */
function equals(one: unknown, other: unknown): boolean {
  if (!(one instanceof Unpacked) || !(other instanceof Unpacked)) return JSON.stringify(one) === JSON.stringify(other)
  if (JSON.stringify(one.message) !== JSON.stringify(other.message)) return false
  return (
    one.attachments.length === other.attachments.length &&
    one.attachments.every((bytes, index) => Buffer.compare(bytes, other.attachments[index] ?? NO_BYTES) === 0)
  )
}

const NO_BYTES = new Uint8Array(0)
