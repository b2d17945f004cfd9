import { hotline, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { Attacker } from './fixture/attacker.ts'
import { UNBOUND } from './fixture/unbound.ts'

const FRAMES = 5_000
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const h = hotline<object>()
const api = h.router({
  ping: h.query(() => 'pong'),
  quiet: h.subscription(async function* ({ signal }) {
    yield await new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(1)))
  }),
})

/** Each sends one thing that carries nothing. */
const KINDS: Readonly<Record<string, (attacker: Attacker) => void>> = {
  pings: (attacker) => attacker.raw(['ping']),
  'pongs that nobody asked for': (attacker) => attacker.raw(['pong', 0]),
  'acknowledgements of nothing': (attacker) => attacker.raw(['ack', 0]),
  'messages that came before': (attacker) => attacker.raw([1, 0, ['call', 1, 'quiet', 'x'.repeat(1_000)]]),
  'credit of 1': (attacker) => attacker.say(['credit', 1, 1]),
  'pings of the WebSocket': (attacker) => attacker.socket.ping(),
  'pongs of the WebSocket': (attacker) => attacker.socket.pong(),
}

describe(`C9: ${FRAMES} times nothing`, { timeout: 60_000 }, () => {
  it.each(Object.entries(KINDS))('X24: %s end with FLOOD', async (_, send) => {
    // Nothing comes back with time, so that it doesn't matter how fast this machine is.
    await using server = await serve(api, { port: 0, logger: SILENT, limits: { controlPerSecond: 0 } })
    const attacker = await Attacker.at(server.port)
    attacker.say(['call', 1, 'quiet', 'x'.repeat(1_000)])
    await attacker.until(() => attacker.tally.has('stream'))
    await repeat(attacker, send)
    expect(await attacker.closed).toMatchObject({ code: 4329 })
    expect(server.stats()).toMatchObject({ floods: 1, sessions: 1, detachedSessions: 1 })
  })

  it.each(Object.entries(KINDS))('X24: %s would all be taken without limits', async (_, send) => {
    await using server = await serve(api, { port: 0, logger: SILENT, limits: UNBOUND })
    const attacker = await Attacker.at(server.port)
    attacker.say(['call', 1, 'quiet', 'x'.repeat(1_000)])
    await attacker.until(() => attacker.tally.has('stream'))
    await repeat(attacker, send)
    attacker.say(['call', 3, 'ping'])
    await attacker.until(() => attacker.tally.has('result'))
    expect(attacker.tally.get('result')).toBe(1)
    expect(server.stats().floods).toBe(0)
    attacker.socket.terminate()
  })

  it('X24: is counted for the session: a new connection does not begin the count anew', async () => {
    const limits = { controlPerSecond: 0, controlBurst: 20 }
    await using server = await serve(api, { port: 0, logger: SILENT, limits })
    const first = await Attacker.at(server.port)
    for (let frame = 0; frame < 15; frame++) first.raw(['ping'])
    await first.until(() => first.tally.get('pong') === 15)
    first.socket.terminate()
    const next = await Attacker.at(server.port, { resumes: first })
    for (let frame = 0; frame < 6; frame++) next.raw(['ping'])
    expect(await next.closed).toMatchObject({ code: 4329 })
    expect(next.tally.get('pong')).toBe(5)
  })

  it('X24: frames without a message, and items and credits of no size, end the session at once', async () => {
    await using server = await serve(api, { port: 0, logger: SILENT })
    for (const frame of [
      [1, 0],
      [1, 0, ['item', 1, 0, 1]],
      [1, 0, ['credit', 1, 0]],
    ]) {
      const attacker = await Attacker.at(server.port)
      attacker.raw(frame)
      expect(await attacker.closed).toMatchObject({ code: 4400 })
    }
    expect(server.stats().sessions).toBe(0)
  })

  it('X24: newer credentials that never end are asked about one by one, and end with FLOOD', async () => {
    const asked: unknown[] = []
    const authenticate = async ({ auth }: { auth: unknown }) => {
      asked.push(auth)
      await new Promise((resolve) => setImmediate(resolve))
      return { context: {} }
    }
    await using server = await serve(api, { port: 0, logger: SILENT, authenticate })
    const attacker = await Attacker.at(server.port)
    for (let frame = 0; frame < 100; frame++) attacker.raw(['reauth', { auth: frame }])
    expect(await attacker.closed).toMatchObject({ code: 4329 })
    expect(asked.length).toBeLessThanOrEqual(11)
  })
})

/** A few at a time, each heard before the next: `ws` itself cuts off who sends pings faster than it can answer. */
async function repeat(attacker: Attacker, send: (attacker: Attacker) => void): Promise<void> {
  for (let frame = 0; frame < FRAMES; frame += 50) {
    for (let index = 0; index < 50; index++) send(attacker)
    const isHeard = attacker.tally.get('pong') ?? 0
    attacker.raw(['ping'])
    await attacker.until(() => (attacker.tally.get('pong') ?? 0) > isHeard)
  }
}
