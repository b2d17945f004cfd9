import { hotline, type Infer } from '@hotline/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { Held } from './fixture/held.ts'
import { expectNothingLeft, resources } from './fixture/nothing-left.ts'
import { openStage } from './fixture/stage.ts'

const h = hotline<object>()
let held: Held
const api = h.router({
  ping: h.query(() => 'pong'),
  write: h.input(z.string()).mutation(({ input, signal }) => held.run(input, signal)),
  // In a second session it answers at once.
  look: h
    .input(z.string())
    .query(({ input, signal }) => (held.begun.includes(input) ? 'seen' : held.run(input, signal))),
  quiet: h.subscription(async function* ({ signal }) {
    yield 1
    await held.run('quiet', signal)
  }),
})
interface Api extends Infer<typeof api> {}

let before: string[]

beforeEach(() => {
  held = new Held()
  before = resources()
})

afterEach(() => expectNothingLeft(before))

describe('the grace period on real sockets', () => {
  it('A13: once it is over, aborts every handler, and tells the client what became of each call', async () => {
    await using stage = await openStage(api, { limits: { graceMs: 200 } })
    const { api: client, connection, wire } = stage.invite<Api>()
    const { gaps } = watch(await client.quiet())
    const write = client.write('w').catch((error) => error)
    const look = client.look('l')
    await vi.waitFor(() => expect(held.begun).toEqual(['quiet', 'w', 'l']))
    stage.proxy.change({ isRefusing: true })
    stage.proxy.cut()
    await vi.waitFor(() => expect(held.aborted.sort()).toEqual(['l', 'quiet', 'w']))
    stage.proxy.heal()
    connection.connect()
    expect(await write).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect(await look).toBe('seen')
    await vi.waitFor(() => expect(gaps()).toBe(1))
    expect(held.begun.filter((name) => name === 'w')).toHaveLength(1)
    expect(wire.heard('refused')).toHaveLength(1)
    expect(await client.ping()).toBe('pong')
  })

  it('A14: where there is none, a lost connection is a lost session at once', async () => {
    await using stage = await openStage(api, { limits: { graceMs: 0 } })
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    const write = client.write('w').catch((error) => error)
    const look = client.look('l')
    await vi.waitFor(() => expect(held.begun).toEqual(['w', 'l']))
    stage.proxy.cut()
    expect(await write).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect(await look).toBe('seen')
    expect(held.aborted).toEqual(['w', 'l'])
    expect(held.begun).toEqual(['w', 'l'])
    expect(wire.heard('refused')).toHaveLength(1)
    expect(wire.heard('welcome')).toHaveLength(2)
  })

  it('D6: lets handlers of a client that is gone go on until it is over, and not longer', async () => {
    await using stage = await openStage(api, { limits: { graceMs: 300 } })
    const { api: client, wire } = stage.invite<Api>()
    client.write('w').catch(() => {})
    await vi.waitFor(() => expect(held.begun).toEqual(['w']))
    stage.proxy.change({ isRefusing: true })
    wire.socket.terminate()
    const goneAt = performance.now()
    await vi.waitFor(() => expect(held.aborted).toEqual(['w']), { interval: 2 })
    expect(held.abortedAt - goneAt).toBeGreaterThanOrEqual(299)
  })

  it('D6: leaves handlers alone whose client came back in time', async () => {
    await using stage = await openStage(api, { limits: { graceMs: 1_000 } })
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    const write = client.write('w')
    await vi.waitFor(() => expect(held.begun).toEqual(['w']))
    // Together they last longer than the grace period, which begins anew with each loss.
    const until = performance.now() + 1_300
    while (performance.now() < until) {
      const resumes = wire.heard('resumed').length
      wire.socket.terminate()
      await vi.waitFor(() => expect(wire.heard('resumed').length).toBeGreaterThan(resumes))
    }
    expect(held.aborted).toEqual([])
    held.release('w', 'written')
    expect(await write).toBe('written')
    expect(held.begun).toEqual(['w'])
  })

  it('D6: aborts at once where the client says bye', async () => {
    await using stage = await openStage(api)
    const { api: client, connection } = stage.invite<Api>()
    const write = client.write('w').catch((error) => error)
    await vi.waitFor(() => expect(held.begun).toEqual(['w']))
    connection.close()
    expect(await write).toMatchObject({ code: 'CLOSED', mayHaveRun: true })
    await vi.waitFor(() => expect(held.aborted).toEqual(['w']))
  })
})

function watch(stream: { on(observer: { next(): void; gap(): void }): unknown }): { gaps(): number } {
  let count = 0
  stream.on({ next: () => {}, gap: () => count++ })
  return { gaps: () => count }
}
