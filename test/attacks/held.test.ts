import { hotline, type Server, type ServerLimits, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { Attacker } from './fixture/attacker.ts'

const MIB = 1024 * 1024
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const h = hotline<object>()
const waiting: (() => void)[] = []
const api = h.router({
  /** Answers with as many characters, when the test says so. */
  big: h.input(z.number()).query(async ({ input }) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return 'x'.repeat(input)
  }),
  /** Keeps its input, and reads no items. */
  keep: h
    .input(z.string())
    .items(z.string())
    .mutation(({ signal }) => heeding(signal)),
  ping: h.query(() => 'pong'),
})

function heeding(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
}

async function setUp(limits: Partial<ServerLimits>) {
  waiting.length = 0
  return serve(api, { port: 0, logger: SILENT, limits })
}

/** A client that takes nothing of answers of so much. Answered or not, it stays. */
async function hoarder({ port }: Server, mib: number): Promise<Attacker> {
  const attacker = await Attacker.at(port, { acknowledges: false })
  for (let index = 0; index < mib; index++) attacker.say(['call', 2 * index + 1, 'big', MIB - 10_000])
  await vi.waitFor(() => expect(waiting).toHaveLength(mib))
  for (const answer of waiting.splice(0)) answer()
  return attacker
}

describe('what a server holds for all its clients', { timeout: 30_000 }, () => {
  it('F9: ends those that are away first, and whoever holds most of it after them', async () => {
    await using server = await setUp({ maxHeldCharacters: 6 * MIB })
    const away = await hoarder(server, 2)
    away.socket.terminate()
    await vi.waitFor(() => expect(server.stats().detachedSessions).toBe(1))
    const small = await hoarder(server, 1)
    await vi.waitFor(() => expect(server.stats().held).toBeGreaterThan(2.9 * MIB))
    expect(server.stats().sessions).toBe(2)
    const large = await hoarder(server, 4)
    await vi.waitFor(() => expect(server.stats().detachedSessions).toBe(0))
    expect(server.stats().sessions).toBe(2)
    const third = await hoarder(server, 2)
    expect(await large.closed).toMatchObject({ code: 4331, reason: expect.stringContaining('most of it') })
    expect(server.stats().sessions).toBe(2)
    for (const { socket } of [small, third]) socket.terminate()
  })

  it('F9: lets no new session in where there is hardly room for those that are there', async () => {
    await using server = await setUp({ maxHeldCharacters: 2 * MIB })
    const one = await hoarder(server, 1)
    await vi.waitFor(() => expect(server.stats().held).toBeGreaterThan(0.9 * MIB))
    one.say(['call', 3, 'big', MIB - 200_000])
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    waiting.pop()?.()
    await vi.waitFor(() => expect(server.stats().held).toBeGreaterThan(1.8 * MIB))
    const other = await Attacker.at(server.port)
    expect([...other.tally.keys()]).toEqual(['refused'])
    expect(await other.closed).toMatchObject({ code: 1013 })
    one.raw(['bye'])
    await one.closed
    const next = await Attacker.at(server.port)
    expect(next.welcome).toBeDefined()
    next.socket.terminate()
  })

  it('F9: is bounded by nothing but each client of its own where that limit is endless', async () => {
    await using server = await setUp({ maxHeldCharacters: Number.POSITIVE_INFINITY })
    const many = []
    for (let client = 0; client < 4; client++) many.push(await hoarder(server, 3))
    await vi.waitFor(() => expect(server.stats().held).toBeGreaterThan(11 * MIB))
    expect(server.stats().sessions).toBe(4)
    for (const { socket } of many) socket.terminate()
  })

  it('G13: is counted to the last character: all of it is gone when its clients are', async () => {
    await using server = await setUp({})
    const uploads = await Attacker.at(server.port)
    uploads.say(['call', 1, 'keep', 'x'.repeat(50_000), { items: true }])
    await uploads.until(() => uploads.tally.has('credit'))
    for (let item = 0; item < 100; item++) uploads.say(['item', 1, 12, 'y'.repeat(10)])
    uploads.say(['piece', '["call",5,"ping","', false], ['piece', 'z'.repeat(10_000), false])
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ unread: 1_200, pieces: 10_018, running: 1 }))
    expect(server.stats().inputs).toBeGreaterThan(50_000)
    expect(server.stats().held).toBeGreaterThan(3_584 + 50_000 + 100 * (12 + 64) + 10_018)
    const late = await hoarder(server, 6)
    late.say(['call', 13, 'ping', 'w'.repeat(1_000)])
    await vi.waitFor(() => expect(server.stats().waitingFrames).toBeGreaterThan(1_000))
    late.raw(['bye'])
    await late.closed
    expect(server.stats()).toMatchObject({ waitingFrames: 0, waiting: 0, unacknowledged: 0 })
    uploads.socket.terminate()
    await vi.waitFor(() => expect(server.stats().away).toBeGreaterThan(65_000))
    const back = await Attacker.at(server.port, { resumes: uploads })
    expect([...back.tally.keys(), server.stats().away]).toEqual(['resumed', 0])
    back.raw(['bye'])
    await back.closed
    const { floods, keys, refusals, ...rest } = server.stats()
    expect(Object.entries(rest).filter(([, size]) => size !== 0)).toEqual([])
    expect([floods, keys, Object.values(refusals).some((count) => count > 0)]).toEqual([0, 0, false])
  })
})
