import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox, StreamLane } from './outbox.ts'

function takeAll(outbox: Outbox): string[] {
  const taken: string[] = []
  for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true)) taken.push(textOf(text))
  return taken
}

describe('an outbox', () => {
  it('gives control first, then calls, then one message of each stream in turn', () => {
    const outbox = new Outbox()
    const [a, b] = [new StreamLane(), new StreamLane()]
    for (const text of ['a1', 'a2', 'a3']) outbox.pushStream(a, text)
    outbox.pushStream(b, 'b1')
    outbox.pushCall('call')
    outbox.pushControl('cancel')
    expect(takeAll(outbox)).toEqual(['cancel', 'call', 'a1', 'b1', 'a2', 'a3'])
    expect(outbox.isEmpty).toBe(true)
  })

  it('cuts a large message into pieces between characters, also between those of two code units', () => {
    for (const text of ['\u{1f600}'.repeat(25_000), `x${'\u{1f600}'.repeat(25_000)}`]) {
      const outbox = new Outbox()
      outbox.pushCall(text)
      const pieces = takeAll(outbox).map((piece) => JSON.parse(piece) as [word: string, text: string, isLast: boolean])
      expect(pieces.map(([, , isLast]) => isLast)).toEqual([false, false, false, true])
      expect(pieces.map(([, part]) => part).join('')).toBe(text)
      for (const [, part] of pieces) {
        expect(part.length).toBeLessThanOrEqual(PROTOCOL_LIMITS.pieceCharacters)
        expect(part).not.toMatch(/[\ud800-\udbff]$/)
      }
    }
  })

  it('goes on in pieces with a message that began so, though it might go whole by now', () => {
    const outbox = new Outbox()
    const large = JSON.stringify('x'.repeat(40_000))
    outbox.pushCall(large)
    const pieces = [outbox.take(0, false), ...takeAll(outbox)].map((piece) => JSON.parse(String(piece)) as unknown[])
    expect(pieces.map(([word, , isLast]) => [word, isLast])).toEqual([
      ['piece', false],
      ['piece', false],
      ['piece', true],
    ])
    expect(pieces.map(([, part]) => part).join('')).toBe(large)
    expect([outbox.isEmpty, outbox.characters]).toEqual([true, 0])
  })

  it('lets a call that comes meanwhile overtake a long stream', () => {
    const outbox = new Outbox()
    const lane = new StreamLane()
    for (const text of ['s1', 's2']) outbox.pushStream(lane, text)
    const first = outbox.take(0, true)
    outbox.pushCall('call')
    expect([first, ...takeAll(outbox)]).toEqual(['s1', 'call', 's2'])
  })

  it('asks a draft for its text once, at the time when it is taken, and passes over withdrawn ones', () => {
    const outbox = new Outbox()
    const asked: number[] = []
    const draft = (text: string | undefined) => ({
      isWithdrawn: text === undefined,
      write(now: number) {
        asked.push(now)
        return text
      },
    })
    outbox.pushCall(draft(undefined))
    outbox.pushCall(draft('second'))
    expect(outbox.take(7, true)).toBe('second')
    expect(outbox.take(8, true)).toBeUndefined()
    expect(asked).toEqual([7, 7])
  })

  it('sweeps withdrawn drafts out once they are more than half of what waits, and keeps the order of the others', () => {
    const outbox = new Outbox()
    const drafts = Array.from({ length: 100 }, (_, n) => ({ isWithdrawn: false, write: () => String(n) }))
    for (const draft of drafts) outbox.pushCall(draft)
    outbox.pushCall('a result')
    for (const [n, draft] of drafts.entries()) {
      if (n % 10 === 0) continue
      draft.isWithdrawn = true
      outbox.withdrew()
    }
    const left = takeAll(outbox)
    expect(left.length).toBeLessThan(25)
    expect(left.filter((text) => !drafts[Number(text)]?.isWithdrawn)).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      'a result',
    ])
  })

  it('D9: writes no more calls that go in pieces than may be overtaken, and what comes behind them when one has gone', () => {
    const outbox = new Outbox()
    const written: number[] = []
    const call = (id: number, length: number) => ({
      isWithdrawn: false,
      write() {
        written.push(id)
        return `${id}:${'x'.repeat(length)}`
      },
    })
    for (let id = 0; id < 300; id++) outbox.pushCall(call(id, 40_000))
    outbox.pushCall(call(300, 10))
    outbox.pushCall('a result')
    outbox.pushControl('cancel')
    expect(outbox.take(0, false)).toBe('cancel')
    expect(String(outbox.take(0, false))).toMatch(/^\["piece","0:x/)
    expect(written.length).toBe(256)
    const rest = takeAll(outbox).map((message) => (message.startsWith('["piece"') ? 'piece' : message.slice(0, 8)))
    expect(written.length).toBe(301)
    expect(rest.filter((message) => message !== 'piece' && !message.endsWith('xxx'))).toEqual(['a result'])
    expect([outbox.isEmpty, outbox.characters]).toEqual([true, 0])
  })

  it('keeps control back behind calls that go in pieces, since it may be of one of them, but not behind results', () => {
    const outbox = new Outbox()
    outbox.pushCall('x'.repeat(40_000))
    outbox.take(0, false)
    outbox.pushControl('credit')
    expect(outbox.take(0, false)).toBe('credit')
    outbox.pushCall({ isWithdrawn: false, write: () => 'y'.repeat(40_000) })
    while (!String(outbox.take(0, false)).startsWith('["piece","y'));
    outbox.pushControl('cancel')
    const rest: unknown[] = []
    for (let next = outbox.take(0, false); next !== undefined; next = outbox.take(0, false)) rest.push(next)
    expect(rest.at(-1)).toBe('cancel')
    outbox.pushCall('call')
    outbox.pushControl('cancel')
    expect(takeAll(outbox)).toEqual(['cancel', 'call'])
  })

  it('gives a large item whole to a line that was seen to be quick, as it does a result', () => {
    const outbox = new Outbox()
    const large = JSON.stringify('x'.repeat(60_000))
    outbox.pushStream(new StreamLane(), large)
    expect(takeAll(outbox)).toEqual([large])
    outbox.pushStream(new StreamLane(), large)
    expect(outbox.take(0, false)).toContain('["piece",')
  })

  it("counts a stream's waiting characters, and tells once when there are none left", async () => {
    const outbox = new Outbox()
    const lane = new StreamLane()
    let told = 0
    const emptied = lane.emptied().then(() => told++)
    outbox.pushStream(lane, 'abc')
    outbox.pushStream(lane, 'de')
    expect([lane.characters, outbox.characters]).toEqual([5, 5])
    outbox.take(0, true)
    await Promise.resolve()
    expect([lane.characters, told]).toEqual([2, 0])
    outbox.take(0, true)
    await emptied
    expect([lane.characters, outbox.characters, told]).toEqual([0, 0, 1])
  })

  it('keeps the order within each stream and never passes over one with something to send', () => {
    const command = fc.oneof(
      fc.record({ push: fc.nat(4) }),
      fc.constant({ take: true as const }),
      fc.constant({ take: true as const }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200, size: 'max' }), (commands) => {
        const outbox = new Outbox()
        const lanes = Array.from({ length: 5 }, () => new StreamLane())
        // The model: who has something to send stands in line, once; behind each the messages in order.
        const line: number[] = []
        const waiting: string[][] = lanes.map(() => [])
        let next = 0
        for (const command of commands) {
          if ('push' in command) {
            const lane = lanes[command.push] as StreamLane
            const queue = waiting[command.push] as string[]
            if (queue.length === 0) line.push(command.push)
            queue.push(`m${next}`)
            outbox.pushStream(lane, `m${next++}`)
            continue
          }
          const turn = line.shift()
          const queue = turn === undefined ? [] : (waiting[turn] as string[])
          const text = queue.shift()
          if (turn !== undefined && queue.length > 0) line.push(turn)
          expect(outbox.take(0, true)).toBe(text)
        }
        expect(outbox.isEmpty).toBe(line.length === 0)
        expect(lanes.map((lane) => lane.characters)).toEqual(waiting.map((queue) => queue.join('').length))
      }),
      { numRuns: 100 },
    )
  })
})
