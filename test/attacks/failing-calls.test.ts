import { hotline, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Attacker } from './fixture/attacker.ts'

const MIB = 1024 * 1024
const CALLS = 100_000
const PER_FRAME = 500
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const h = hotline<object>()
const deep = z.record(z.string(), z.array(z.number()))
const api = h.router({ add: h.input(z.object({ n: z.number() })).query(() => 1), sum: h.input(deep).query(() => 1) })

describe('calls that fail at once', { timeout: 60_000 }, () => {
  it.each(['nothing', 'add'])('X22: are held back with their answers where nobody takes these: "%s"', async (path) => {
    await using server = await serve(api, { port: 0, logger: SILENT })
    const attacker = await Attacker.at(server.port, { acknowledges: false })
    let most = 0
    for (let first = 0; first < CALLS; first += PER_FRAME) {
      attacker.say(...Array.from({ length: PER_FRAME }, (_, index) => ['call', 2 * (first + index) + 1, path, {}]))
      await new Promise((resolve) => setImmediate(resolve))
      most = Math.max(most, server.stats().held)
    }
    // Of its own window a client may have twice what it is allowed, and then it is a flood; where that takes it long, it is slow.
    expect([4329, 4331]).toContain((await attacker.closed).code)
    expect(most).toBeGreaterThan(4 * MIB)
    expect(most).toBeLessThan(6 * MIB)
  })

  it('X22: are answered for ever where their answers are taken, and leave nothing', async () => {
    await using server = await serve(api, { port: 0, logger: SILENT })
    const attacker = await Attacker.at(server.port)
    for (let first = 0; first < CALLS; first += PER_FRAME) {
      attacker.say(...Array.from({ length: PER_FRAME }, (_, index) => ['call', 2 * (first + index) + 1, 'nothing']))
      await attacker.until(() => attacker.ended >= first)
    }
    await attacker.until(() => attacker.ended === CALLS)
    expect(attacker.tally.get('NOT_FOUND')).toBe(CALLS)
    attacker.raw(['ping'])
    await attacker.until(() => attacker.tally.has('pong'))
    // What a session takes by itself.
    expect(server.stats()).toMatchObject({ held: 3_584, running: 0, floods: 0 })
    attacker.socket.terminate()
  })

  it('X22: are answered with no more than a message may have, whatever is wrong with their input', async () => {
    await using server = await serve(api, { port: 0, logger: SILENT })
    const attacker = await Attacker.at(server.port)
    // Sixteen issues, each with a path that begins with this name.
    const input = { ['n'.repeat(100_000)]: Array.from({ length: 100 }, () => 'none') }
    for (let id = 1; id < 20; id += 2) attacker.say(['call', id, 'sum', input])
    await attacker.until(() => attacker.ended === 10)
    expect([...attacker.tally.keys()]).not.toContain('result')
    expect(attacker.ended).toBe(10)
    attacker.socket.terminate()
  })
})
