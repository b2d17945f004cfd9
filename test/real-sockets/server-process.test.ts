import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LedgerApi } from './fixture/ledger-api.ts'
import { expectNothingLeft, resources } from './fixture/nothing-left.ts'
import { ServerProgram } from './fixture/server-process.ts'
import { openLine } from './fixture/stage.ts'

let program: ServerProgram
let before: string[]

beforeAll(async () => {
  program = await ServerProgram.build()
})

afterAll(() => program.close())

beforeEach(() => {
  before = resources()
})

afterEach(async () => {
  await program.endAll()
  await expectNothingLeft(before)
})

describe('a server process that is killed with -9', () => {
  it('D2, A6: leaves a mutation in doubt that the next process never runs, and a query that it answers', async () => {
    const ledger = await program.newLedger()
    const first = await program.start(ledger)
    await using line = await openLine(first.port)
    const { api, connection } = line.invite<LedgerApi>()
    // History that is acknowledged, calls that are in flight, and one that never left.
    for (let index = 0; index < 5; index++) await api.add(index)
    const mutation = api.hang('m').catch((error) => error)
    const query = api.hangOnce('q')
    await vi.waitFor(async () => expect(await ledger.entries()).toContain('hangOnce q'))
    await first.end('SIGKILL')
    await vi.waitFor(() => expect(connection.state.name).not.toBe('open'))
    const late = api.add(100)
    await program.start(ledger, { port: first.port, isRestarted: true })
    expect(await mutation).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect(await query).toBe('answered')
    expect(await late).toBe(100)
    await api.add(101)
    const entries = await ledger.entries()
    expect(entries.filter((entry) => entry === 'hang m')).toHaveLength(1)
    expect(entries.filter((entry) => entry === 'hangOnce q')).toHaveLength(2)
    expect(entries.filter((entry) => entry.startsWith('add'))).toEqual(
      [0, 1, 2, 3, 4, 100, 101].map((number) => `add ${number}`),
    )
  })

  it('G5: each of 50 clients is told within 10 s of the restart that its session is lost', async () => {
    const ledger = await program.newLedger()
    const first = await program.start(ledger)
    await using line = await openLine(first.port)
    const guests = Array.from({ length: 50 }, () => line.invite<LedgerApi>())
    const streams = await Promise.all(guests.map(({ api }) => api.ticks()))
    const gaps = streams.map((stream) => new Promise<void>((gap) => stream.on({ next: () => {}, gap: () => gap() })))
    const mutations = guests.map(({ api }, index) => api.hang(String(index)).catch((error) => error))
    await vi.waitFor(async () => expect(await ledger.entries()).toHaveLength(50))
    await first.end('SIGKILL')
    await program.start(ledger, { port: first.port, isRestarted: true })
    const restartedAt = performance.now()
    for (const mutation of mutations) {
      expect(await mutation).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    }
    await Promise.all(gaps)
    expect(performance.now() - restartedAt).toBeLessThan(10_000)
    expect(await ledger.entries()).toHaveLength(50)
    for (const { wire } of guests) expect(wire.heard('refused')[0]).toContain('SESSION_LOST')
  })

  it('B17: 200 clients are all back with the next process on the same port', async () => {
    const ledger = await program.newLedger()
    const first = await program.start(ledger)
    await using line = await openLine(first.port)
    const guests = Array.from({ length: 200 }, () => line.invite<LedgerApi>())
    await Promise.all(guests.map(({ api }, index) => api.add(index)))
    await first.end('SIGKILL')
    for (const { connection } of guests) await vi.waitFor(() => expect(connection.state.name).not.toBe('open'))
    const calls = guests.map(({ api }, index) => api.add(200 + index))
    await program.start(ledger, { port: first.port })
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, index) => 200 + index))
    expect(await ledger.entries()).toHaveLength(400)
    expect(new Set(await ledger.entries()).size).toBe(400)
  })
})
