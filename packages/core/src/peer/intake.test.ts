import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import { formatBinaryFrame, readFrame } from '../protocol/binary-frame.ts'
import type { DataFrame } from '../protocol/frame.ts'
import { pack } from '../protocol/packed.ts'
import { Delivery } from '../session/delivery.ts'
import { Holdings } from '../session/holdings.ts'
import { Caller } from './caller.ts'
import { HeldFrames } from './held-frames.ts'
import { Intake } from './intake.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()
const MIB = 1024 * 1024

interface Options {
  readonly held?: HeldFrames | 'none'
  readonly holdings?: Holdings
}

/** A server's end whose every call is answered with 1 MiB, and a peer that takes it when the test says so. */
function setUp({ held = new HeldFrames(), holdings }: Options = {}) {
  const runs: number[] = []
  const delivery = new Delivery()
  const outlet = { outbox: delivery.outbox, isAttached: true, isFull: false, now: () => 0, flushSoon() {}, wakeAt() {} }
  const common = { codec: superjsonCodec, timeoutMs: 30_000 }
  const big = h.query(() => 'x'.repeat(runs.push(runs.length) * 0 + MIB - 10_000))
  const responder = new Responder(outlet, 'odd', {
    ...common,
    procedures: new ProcedureTable({ big, wait: h.query(() => new Promise(() => {})) }),
    holdings,
    maxCalls: 100,
    maxStreams: 8,
    newId: () => 'id',
    report: () => {},
  })
  const caller = new Caller(outlet, { ...common, firstId: 2, queueCharacters: 0 })
  const intake = new Intake(delivery, held === 'none' ? undefined : held, { caller, responder, holdings })
  let [seq, acked] = [0, 0]
  const call = (characters = 30) => {
    seq++
    intake.takeFrame([seq, acked, ['call', 2 * seq - 1, 'big']], characters, 0)
  }
  /** Writes what it may, and has it acknowledged. */
  const drain = () => {
    while (delivery.nextFrame(0) !== undefined) {
      acked = delivery.written
      delivery.acknowledge(acked, 0)
      intake.catchUp(0)
    }
  }
  return { runs, delivery, intake, call, drain }
}

describe('what comes from a peer for which much is kept', () => {
  it('begins nothing more, and is not acknowledged, until the peer has taken some of it', () => {
    const { runs, delivery, call, drain } = setUp()
    for (let calls = 0; calls < 20; calls++) call()
    expect([runs.length, delivery.received]).toEqual([5, 5])
    drain()
    expect([runs.length, delivery.received, delivery.heldCharacters]).toEqual([20, 20, 0])
  })

  it('begins no more of a frame that asks for much than there is room for', () => {
    const { runs, delivery, intake, drain } = setUp()
    const calls = Array.from({ length: 20 }, (_, index) => ['call', 2 * index + 1, 'big'])
    intake.takeFrame([1, 0, ...calls], 600, 0)
    expect([runs.length, delivery.received, intake.characters]).toEqual([5, 5, 450])
    drain()
    expect([runs.length, delivery.received, intake.characters]).toEqual([20, 20, 0])
    intake.takeFrame([21, delivery.written, ...calls.map(([word, id, path]) => [word, Number(id) + 40, path])], 600, 0)
    intake.clear()
    expect([delivery.received, intake.characters]).toEqual([25, 0])
  })

  it('goes on in its order: what comes when there is room again waits behind what is left of a frame', () => {
    const { delivery, intake, drain } = setUp()
    const calls = Array.from({ length: 20 }, (_, index) => ['call', 2 * index + 1, 'big'])
    intake.takeFrame([1, 0, ...calls], 600, 0)
    while (delivery.nextFrame(0) !== undefined) delivery.acknowledge(delivery.written, 0)
    intake.takeFrame([21, delivery.written, ['call', 41, 'big']], 30, 0)
    expect([delivery.received, intake.characters]).toEqual([5, 480])
    intake.catchUp(0)
    drain()
    expect([delivery.received, intake.characters]).toEqual([21, 0])
  })

  it('goes on in its order where one frame waits alone', () => {
    const { delivery, intake, call, drain } = setUp()
    for (let calls = 0; calls < 6; calls++) call()
    while (delivery.nextFrame(0) !== undefined) delivery.acknowledge(delivery.written, 0)
    call()
    expect(delivery.received).toBe(5)
    intake.catchUp(0)
    drain()
    expect(delivery.received).toBe(7)
  })

  it('is looked through when it is handed over, as what is handed over at once', () => {
    const { intake, call, drain } = setUp()
    for (let calls = 0; calls < 5; calls++) call()
    intake.takeFrame([6, 0, ['item', 11, 1, 'x'.repeat(500)]], 520, 0)
    expect(drain).toThrow('An item of call 11 has 504 characters and says 1: expected its size.')
  })

  it('counts among what its session holds, until it is taken in or forgotten', () => {
    const holdings = new Holdings()
    const { intake, call, drain } = setUp({ held: new HeldFrames(holdings) })
    const fill = () => {
      for (let calls = 0; calls < 10; calls++) call(100)
      return holdings.size
    }
    expect(fill()).toBe(500)
    drain()
    expect([holdings.size, fill()]).toEqual([0, 500])
    intake.clear()
    expect(holdings.size).toBe(0)
  })

  it('has its share of the frame counted for each call that runs', () => {
    const holdings = new Holdings()
    const { intake } = setUp({ holdings })
    intake.takeFrame([1, 0, ['call', 1, 'wait'], ['call', 3, 'wait'], ['call', 5, 'wait']], 1_000, 0)
    expect(holdings.size).toBe(3 * 334)
  })

  it('is given up where it would be more than 64 MiB, by an end that takes in whatever comes', () => {
    const { runs, intake } = setUp({ held: 'none' })
    const calls = Array.from({ length: 200 }, (_, index) => ['call', 2 * index + 1, 'big'])
    expect(() => intake.takeFrame([1, 0, ...calls], 6_000, 0)).toThrow('67108864 are the most')
    expect(runs.length).toBeLessThan(68)
  })

  it('still acknowledges what the peer has taken', () => {
    const { runs, delivery, intake, call } = setUp()
    for (let calls = 0; calls < 6; calls++) call()
    while (delivery.heldCharacters > 3 * MIB) {
      expect(delivery.nextFrame(0)).toBeDefined()
      intake.takeFrame([7, delivery.written, ['cancel', 1]] satisfies DataFrame, 30, 0)
    }
    intake.catchUp(0)
    expect(runs.length).toBeGreaterThanOrEqual(6)
  })

  it('is forgotten with the connection: the peer sends it again on the next one', () => {
    const { runs, delivery, intake, call, drain } = setUp()
    for (let calls = 0; calls < 10; calls++) call()
    intake.clear()
    drain()
    expect([runs.length, delivery.received]).toEqual([5, 5])
  })

  it('ends the connection where it is more than a window lets the peer send', () => {
    const { call } = setUp()
    for (let calls = 0; calls < 5; calls++) call()
    for (let calls = 0; calls < 16; calls++) call(128 * 1024)
    expect(() => call(128 * 1024)).toThrow('were not acknowledged: expected at most 2097152')
  })

  it('may be all that a window holds, of text in binary frames too: three bytes a character', () => {
    const { runs, intake, call } = setUp()
    for (let calls = 0; calls < 5; calls++) call()
    const client = new Delivery()
    let id = 1
    const write = () => {
      const next = client.nextFrame(0)
      if (next === undefined) return undefined
      const frame = typeof next === 'string' ? next : formatBinaryFrame(next)
      return { parsed: readFrame(frame), length: frame.length }
    }
    const fill = (characters: number) => {
      for (; characters > 0; characters -= 24 * 1024, id += 2) {
        client.outbox.pushCall(pack(`["call",${id},"big",["${'漢'.repeat(24 * 1024)}",0]]`, [Uint8Array.of(1)]))
      }
    }
    // Its window has grown to the most before, by acknowledgements that came soon.
    fill(2 * MIB)
    while (write() !== undefined) if (!client.hasMore) client.acknowledge(client.written, 0)
    const first = client.written
    fill(2 * MIB)
    for (let frame = write(); frame !== undefined; frame = write()) {
      const [seq, ack, ...messages] = frame.parsed as DataFrame // nothing else comes from `nextFrame`
      intake.takeFrame([seq - first + 5, ack, ...messages], frame.length, 0)
    }
    expect(client.hasMore).toBe(false)
    expect(intake.characters).toBeGreaterThan(1.5 * MIB)
    expect(runs.length).toBe(5)
  })
})
