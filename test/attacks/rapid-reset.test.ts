import { hotline, type ServerLimits, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { Attacker } from './fixture/attacker.ts'
import { UNBOUND } from './fixture/unbound.ts'

const PAIRS = 100_000
const PER_FRAME = 500

/** A server whose handlers take a few turns to stop after their signal, and how many of them ran at once. */
async function setUp(limits: Partial<ServerLimits>) {
  const h = hotline<object>()
  const seen = { begun: 0, running: 0, most: 0 }
  const router = h.router({
    slow: h.mutation(async ({ signal }) => {
      seen.begun++
      seen.most = Math.max(seen.most, ++seen.running)
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      seen.running--
    }),
    ping: h.query(() => 'pong'),
  })
  const closes: object[] = []
  const info = (fields: object) => void closes.push(fields)
  const server = await serve(router, { port: 0, logger: { debug() {}, info, warn() {}, error() {} }, limits })
  return { server, seen, closes, [Symbol.asyncDispose]: () => server.close() }
}

/** Opens calls and cancels each at once. */
async function attack(attacker: Attacker, pairs: number): Promise<void> {
  for (let first = 0; first < pairs; first += PER_FRAME) {
    const ids = Array.from({ length: PER_FRAME }, (_, index) => 2 * (first + index) + 1)
    attacker.say(
      ...ids.flatMap((id) => [
        ['call', id, 'slow'],
        ['cancel', id],
      ]),
    )
    // Who takes no answers is held back: that is another limit.
    await attacker.until(() => attacker.ended >= first - 10 * PER_FRAME)
  }
}

/** Somebody else is answered, and nothing of the attack runs any more. */
async function expectRecovery({ server, seen }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  const other = await Attacker.at(server.port)
  other.say(['call', 1, 'ping'])
  await other.until(() => other.tally.get('result') === 1)
  await other.until(() => seen.running === 0)
  expect([seen.running, server.stats().running]).toEqual([0, 0])
  other.socket.terminate()
}

describe(`${PAIRS} calls that are cancelled as they are opened`, { timeout: 120_000 }, () => {
  it('X23: end with FLOOD long before the last, and never have more handlers running than calls may', async () => {
    // Nothing comes back with time, so that it doesn't matter how fast this machine is.
    await using on = await setUp({ opensPerSecond: 0 })
    const attacker = await Attacker.at(on.server.port)
    await attack(attacker, PAIRS)
    await attacker.closed
    expect(on.closes).toMatchObject([{ code: 4329, reason: expect.stringContaining('too fast') }])
    expect(on.seen.most).toBeLessThanOrEqual(256)
    // Each handler that began was paid for, or ran when the flood was found.
    expect(on.seen.begun).toBeLessThan(5_000)
    expect(on.server.stats().floods).toBe(1)
    await expectRecovery(on)
  })

  it('X23: have no more handlers running than calls may even where their rate has no bound', async () => {
    await using on = await setUp({ opensPerSecond: Number.POSITIVE_INFINITY })
    const attacker = await Attacker.at(on.server.port)
    await attack(attacker, PAIRS)
    await attacker.until(() => attacker.ended === PAIRS)
    expect(attacker.ended).toBe(PAIRS)
    expect(on.seen.most).toBe(256)
    await expectRecovery(on)
    attacker.socket.terminate()
  })

  it('X23: would run all at once without limits', async () => {
    await using on = await setUp(UNBOUND)
    const attacker = await Attacker.at(on.server.port)
    await attack(attacker, 5_000)
    await attacker.until(() => attacker.ended === 5_000)
    expect(on.seen.begun).toBe(5_000)
    expect(on.seen.most).toBeGreaterThan(256)
    attacker.socket.terminate()
  })
})
