import { describe, expect, it } from 'vitest'
import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { Delivery, type Taker } from './delivery.ts'
import { FIRST_CHARACTERS } from './window.ts'

const { frameCharacters, ackMessages, ackCharacters } = PROTOCOL_LIMITS

/** A message's text of about so many characters. */
const text = (number: number, characters = 0): string => JSON.stringify([number, 'x'.repeat(characters)])

function deliveryThatSent(messages: number): Delivery {
  const delivery = new Delivery()
  for (let number = 1; number <= messages; number++) delivery.outbox.pushCall(text(number))
  while (delivery.nextFrame(0) !== undefined);
  return delivery
}

/** One that takes all. */
function taking(take: (message: unknown) => void): Taker {
  return { take, hasRoom: () => true }
}

function receive(delivery: Delivery, frame: DataFrame, now = 0): unknown[] {
  const handed: unknown[] = []
  delivery.receive(
    frame,
    JSON.stringify(frame).length,
    now,
    taking((message) => handed.push(message)),
  )
  return handed
}

describe('a delivery that sends', () => {
  it('numbers what it writes, from 1, and says where each frame begins', () => {
    const delivery = new Delivery()
    delivery.outbox.pushCall('"a"')
    delivery.outbox.pushCall('"b"')
    expect(delivery.nextFrame(0)).toBe('[1,0,"a","b"]')
    delivery.outbox.pushCall('"c"')
    expect(delivery.nextFrame(0)).toBe('[3,0,"c"]')
    expect([delivery.nextFrame(0), delivery.hasMore, delivery.unacked]).toEqual([undefined, false, 3])
  })

  it('A31: counts ready-made text and drafts alike, and gives withdrawn ones no number', () => {
    const delivery = new Delivery()
    delivery.outbox.pushCall({ isWithdrawn: false, write: () => '"draft"' })
    delivery.outbox.pushCall({ isWithdrawn: true, write: () => undefined })
    delivery.outbox.pushControl('"control"')
    delivery.outbox.pushCall('"text"')
    expect(delivery.nextFrame(0)).toBe('[1,0,"control","draft","text"]')
    expect(delivery.unacked).toBe(3)
  })

  it('begins another frame rather than a larger one, in order', () => {
    const delivery = new Delivery()
    for (let number = 1; number <= 30; number++) delivery.outbox.pushCall(text(number, 3_000))
    const numbers: number[] = []
    for (let frame = delivery.nextFrame(0); frame !== undefined; frame = delivery.nextFrame(0)) {
      const json = String(frame)
      expect(json.length).toBeLessThanOrEqual(frameCharacters + 40)
      const [seq, , ...messages] = JSON.parse(json) as [number, number, ...(readonly [number])[]]
      expect(seq).toBe(numbers.length + 1)
      numbers.push(...messages.map(([number]) => number))
    }
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  })

  it('C8: sends a large message in pieces until the line was seen to be quick: a whole one would look like silence', () => {
    const large = text(1, 60_000)
    const delivery = new Delivery()
    delivery.outbox.pushCall(large)
    let pieces = 0
    for (let frame = delivery.nextFrame(0); frame !== undefined; frame = delivery.nextFrame(0)) {
      expect(frame).toContain('["piece",')
      pieces++
    }
    expect(pieces).toBe(2)
    delivery.acknowledge(delivery.written, 100)
    delivery.outbox.pushCall(large)
    expect(delivery.nextFrame(100)).toBe(`[5,0,${large}]`)
    // It has its number, and is written again as it was.
    delivery.rewind()
    delivery.outbox.pushCall(text(2))
    expect([delivery.nextFrame(150), delivery.nextFrame(150)]).toEqual([`[5,0,${large}]`, `[6,0,${text(2)}]`])
    delivery.rewind()
    delivery.confirm(5, 200)
    delivery.outbox.pushCall(large)
    expect(delivery.nextFrame(200)).toContain('["piece",')
  })

  it('A15: takes an acknowledgement of what was never written for a broken protocol', () => {
    const delivery = deliveryThatSent(2)
    expect(() => delivery.acknowledge(3, 0)).toThrow('Number 3 was acknowledged: expected at most 2.')
    expect(() => receive(delivery, [1, 3, 'm'])).toThrow(expect.objectContaining({ close: 'BAD_SEQUENCE' }))
    expect([delivery.unacked, delivery.received]).toEqual([2, 0])
  })

  it('A15: counts as written what has left, not what only waits in the ring for the next frame', () => {
    const delivery = new Delivery()
    delivery.outbox.pushCall(text(1, 30_000))
    delivery.outbox.pushCall(text(2, 30_000))
    delivery.nextFrame(0)
    expect(() => delivery.acknowledge(2, 0)).toThrow('expected at most 1')
    delivery.nextFrame(0)
    delivery.acknowledge(2, 0)
    expect(delivery.unacked).toBe(0)
  })

  it('A16: ignores an acknowledgement that goes backwards', () => {
    const delivery = deliveryThatSent(5)
    delivery.acknowledge(3, 0)
    delivery.acknowledge(1, 0)
    expect([delivery.base, delivery.unacked]).toEqual([4, 2])
    delivery.rewind()
    expect(delivery.nextFrame(0)).toBe(`[4,0,${text(4)},${text(5)}]`)
  })

  it('stops when much is unacknowledged, and goes on when it no longer is', () => {
    const delivery = new Delivery()
    for (let number = 1; number <= 40; number++) delivery.outbox.pushCall(text(number, 20_000))
    let frames = 0
    while (delivery.nextFrame(0) !== undefined) frames++
    expect(delivery.unacked * 20_000).toBeGreaterThanOrEqual(FIRST_CHARACTERS - 20_000)
    expect(delivery.unacked * 20_000).toBeLessThan(FIRST_CHARACTERS + 20_000)
    expect([delivery.hasMore, frames]).toEqual([false, delivery.unacked])
    delivery.acknowledge(1, 0)
    expect(delivery.hasMore).toBe(true)
    expect(delivery.nextFrame(0)).toContain(`[${frames + 1},"xx`)
  })
})

describe('a delivery that receives', () => {
  it('A17: takes a gap for a broken protocol, and hands nothing of that frame over', () => {
    const delivery = new Delivery()
    expect(receive(delivery, [1, 0, 'a'])).toEqual(['a'])
    expect(() => receive(delivery, [3, 0, 'c'])).toThrow('A frame begins with number 3: expected at most 2.')
    expect(delivery.received).toBe(1)
  })

  it('A19: skips what it knows, counts it, and takes what is new behind it', () => {
    const delivery = new Delivery()
    receive(delivery, [1, 0, 'a', 'b'])
    expect(receive(delivery, [1, 0, 'a', 'b'])).toEqual([])
    expect(receive(delivery, [2, 0, 'b', 'c'])).toEqual(['c'])
    expect([delivery.received, delivery.duplicates]).toEqual([3, 3])
  })

  it('counts a message as received only when it was handed over', () => {
    const delivery = new Delivery()
    const refuse = (message: unknown) => {
      if (message === 'b') throw new Error('no')
    }
    expect(() => delivery.receive([1, 0, 'a', 'b', 'c'], 20, 0, taking(refuse))).toThrow('no')
    expect(delivery.received).toBe(1)
  })

  it('owes an acknowledgement after a second, at once after many messages or much text, and none for duplicates', () => {
    const delivery = new Delivery()
    receive(delivery, [1, 0, 'a'], 100)
    receive(delivery, [2, 0, 'b'], 900)
    expect(delivery.ackDueAt).toBe(1_100)
    expect(delivery.takeAck()).toBe(2)
    expect(delivery.ackDueAt).toBe(Number.POSITIVE_INFINITY)
    receive(delivery, [1, 0, 'a', 'b'], 2_000)
    expect(delivery.ackDueAt).toBe(Number.POSITIVE_INFINITY)
    receive(delivery, [3, 0, ...Array<string>(ackMessages).fill('c')], 3_000)
    expect(delivery.ackDueAt).toBe(3_000)
    delivery.takeAck()
    receive(delivery, [3 + ackMessages, 0, 'd'.repeat(ackCharacters)], 4_000)
    expect(delivery.ackDueAt).toBe(4_000)
  })

  it('A32: owes few lone acknowledgements for 100,000 messages one way', () => {
    const delivery = new Delivery()
    const batch = Array.from({ length: 10 }, (_, index) => `message ${index}`)
    let [now, lone, characters] = [0, 0, 0]
    for (let seq = 1; seq < 100_000; seq += batch.length, now += 0.5) {
      const size = JSON.stringify([seq, 0, ...batch]).length
      characters += size
      delivery.receive(
        [seq, 0, ...batch],
        size,
        now,
        taking(() => {}),
      )
      if (delivery.ackDueAt > now) continue
      lone++
      delivery.takeAck()
    }
    expect(lone).toBeLessThanOrEqual(100_000 / ackMessages + characters / ackCharacters + now / 1_000)
  })
})
