import { hotline, serve, topic } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { heldBytes } from '../limits/fixture/heap.ts'
import { Attacker } from './fixture/attacker.ts'
import { UNBOUND } from './fixture/unbound.ts'

const OPENS = 100_000
const PER_FRAME = 1_000
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
/** 5 bytes for each. */
const MAX_GROWTH_BYTES = 512 * 1024

function setUp() {
  const h = hotline<object>()
  const hot = topic<string>()
  return { hot, api: h.router({ hot: h.subscription(() => hot.subscribe({ whenFull: 'drop-oldest' })) }) }
}

/** Subscribes over and over. */
async function subscribe(attacker: Attacker, times: number, first = 0): Promise<void> {
  const answered = () => attacker.ended + (attacker.tally.get('stream') ?? 0)
  for (let from = first; from < first + times; from += PER_FRAME) {
    const count = Math.min(PER_FRAME, first + times - from)
    attacker.say(...Array.from({ length: count }, (_, index) => ['call', 2 * (from + index) + 1, 'hot']))
    await attacker.until(() => answered() === from + count)
  }
}

describe('a client that subscribes over and over', { timeout: 60_000 }, () => {
  it('X22: gets TOO_MANY_STREAMS, and is closed where it goes on', async () => {
    const { api } = setUp()
    await using server = await serve(api, { port: 0, logger: SILENT })
    const attacker = await Attacker.at(server.port)
    await subscribe(attacker, 500)
    expect(attacker.tally.get('stream')).toBe(128)
    expect(attacker.tally.get('TOO_MANY_STREAMS')).toBe(500 - 128)
    attacker.say(...Array.from({ length: PER_FRAME }, (_, index) => ['call', 2 * (500 + index) + 1, 'hot']))
    expect(await attacker.closed).toMatchObject({ code: 4329 })
    expect(server.stats()).toMatchObject({ floods: 1 })
  })

  it(`X22: gets TOO_MANY_STREAMS, and ${OPENS} refusals later nothing is left of them, however fast it may be`, async () => {
    const { api } = setUp()
    const limits = { opensPerSecond: Number.POSITIVE_INFINITY, opensBurst: Number.POSITIVE_INFINITY }
    await using server = await serve(api, { port: 0, logger: SILENT, limits })
    const attacker = await Attacker.at(server.port)
    await subscribe(attacker, 2_000)
    const before = await heldBytes()
    await subscribe(attacker, OPENS, 2_000)
    expect((await heldBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES)
    expect(attacker.tally.get('stream')).toBe(128)
    expect(attacker.tally.get('TOO_MANY_STREAMS')).toBe(OPENS + 2_000 - 128)
    expect(server.stats()).toMatchObject({ streams: 128, floods: 0 })
    attacker.socket.terminate()
  })

  it('X31: gets an event as often as it may have streams, and no more often', async () => {
    const { api, hot } = setUp()
    await using server = await serve(api, { port: 0, logger: SILENT })
    const attacker = await Attacker.at(server.port)
    for (const streams of [10, 100, 600]) {
      await subscribe(attacker, streams, attacker.ended + (attacker.tally.get('stream') ?? 0))
      const open = Math.min(hot.size, 128)
      const before = attacker.tally.get('item') ?? 0
      for (let event = 0; event < 10; event++) hot.publish('news')
      await attacker.until(() => attacker.tally.get('item') === before + 10 * open)
      expect(hot.size).toBe(open)
    }
    expect(hot.size).toBe(128)
    attacker.socket.terminate()
  })

  it('X22, X31: would have any number of streams, and of each event, without limits', async () => {
    const { api, hot } = setUp()
    await using server = await serve(api, { port: 0, logger: SILENT, limits: UNBOUND })
    const attacker = await Attacker.at(server.port)
    await subscribe(attacker, 5_000)
    expect(hot.size).toBe(5_000)
    hot.publish('news')
    await attacker.until(() => attacker.tally.get('item') === 5_000)
    attacker.socket.terminate()
  })
})
