import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { parseMessage } from '../protocol/message.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox, StreamLane } from '../session/outbox.ts'
import { Assembly } from './assembly.ts'

const { wholeCharacters, messageBytes } = PROTOCOL_LIMITS

/** Everything that an outbox has, taken as the other end would, with its pieces put together. */
function across(outbox: Outbox): unknown[] {
  const assembly = new Assembly()
  const arrived: unknown[] = []
  for (let text = outbox.take(0); text !== undefined; text = outbox.take(0)) {
    const message = parseMessage(JSON.parse(textOf(text)))
    if (message[0] !== 'piece') arrived.push(message)
    else {
      const whole = assembly.add(message[1], message[2])
      if (message[2]) arrived.push(whole)
    }
  }
  return arrived
}

const result = (id: number, text: string): string => JSON.stringify(['result', id, text])

describe('a message in pieces', () => {
  it('is put together as it was, whatever characters the cuts fall between', () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '\u{1f600}', '\ud83d', '\u2028', '"', '\\'), { minLength: 1 })
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 8 }), (characters, shift) => {
        const large = 'x'.repeat(shift) + characters.join('').repeat(Math.ceil(70_000 / characters.join('').length))
        const outbox = new Outbox()
        outbox.pushCall(result(1, large))
        expect(across(outbox)).toEqual([['result', 1, large]])
      }),
      { numRuns: 40 },
    )
  })

  it('C8: gives way to what is small, and comes whole among other large ones, in the order of each stream', () => {
    const size = fc.constantFrom(10, wholeCharacters - 100, wholeCharacters + 1, 3 * wholeCharacters)
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
    outbox.pushCall(result(1, 'x'.repeat(3 * wholeCharacters)))
    expect(outbox.take(0)).toContain('["piece",')
    outbox.pushCall(result(3, 'small'))
    expect(outbox.take(0)).toBe(result(3, 'small'))
  })

  it('X7: is refused from the piece on that makes it too large', () => {
    const assembly = new Assembly()
    const half = 'ü'.repeat(messageBytes / 4)
    assembly.add(half, false)
    assembly.add(half, false)
    expect(() => assembly.add('x', false)).toThrow(expect.objectContaining({ close: 'BAD_FRAME' }))
  })

  it('is refused where the whole is not JSON, and the next one is fine', () => {
    const assembly = new Assembly()
    assembly.add('["result"', false)
    expect(() => assembly.add(',1', true)).toThrow("A message in pieces of 11 characters isn't JSON.")
    expect(assembly.add('["result",1]', true)).toEqual(['result', 1])
  })
})
