import { hotline, type Infer } from '@hotline/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { RecordingLogger } from '../end-to-end/recording-logger.ts'
import { Held } from './fixture/held.ts'
import { expectNothingLeft, resources } from './fixture/nothing-left.ts'
import { openStage } from './fixture/stage.ts'
import { Stranger } from './fixture/stranger.ts'

const h = hotline<object>()
let held: Held
const ran: number[] = []
const api = h.router({
  add: h.input(z.number()).mutation(({ input }) => {
    ran.push(input)
    return input
  }),
  write: h.input(z.string()).mutation(({ input, signal }) => held.run(input, signal)),
})
interface Api extends Infer<typeof api> {}

let before: string[]

beforeEach(() => {
  held = new Held()
  ran.length = 0
  before = resources()
})

afterEach(() => expectNothingLeft(before))

describe('a server on real sockets', () => {
  it('H1: closes a connection that says no hello in time with a code that may come back, and keeps nothing of it', async () => {
    await using stage = await openStage(api, { limits: { helloTimeoutMs: 200 } })
    const silent = await Promise.all(Array.from({ length: 20 }, () => Stranger.arrive(stage.proxy.port)))
    await vi.waitFor(() => expect(silent.map(({ code }) => code)).toEqual(Array(20).fill(4308)))
    expect(stage.server.size).toBe(0)
    await vi.waitFor(() => expect(stage.proxy.counts.open).toBe(0))
  })

  it('H2: runs nothing of what comes before or without a greeting', async () => {
    await using stage = await openStage(api)
    await using early = await Stranger.arrive(stage.proxy.port)
    early.say([1, 0, ['call', 1, 'add', 1]])
    early.hello()
    await vi.waitFor(() => expect(early.code).toBe(4410))
    expect(ran).toEqual([])
    expect(early.frames).toEqual([])
  })

  it('H7, X26: refuses a recorded resume once its answer has arrived, and leaves the owner alone', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(1)
    stage.proxy.cut()
    expect(await client.add(2)).toBe(2)
    await vi.waitFor(() => expect(wire.said('ack').length).toBeGreaterThanOrEqual(1))
    const recorded = wire.said('resume')[0] ?? ''
    for (const frame of [recorded, withGeneration(recorded, 1_000)]) {
      await using thief = await Stranger.arrive(stage.proxy.port)
      thief.say(frame)
      thief.say([1, 0, ['call', 3, 'add', 666]])
      await vi.waitFor(() => expect(thief.heard('refused')).toMatchObject({ code: 'SESSION_LOST' }))
    }
    expect(await client.add(3)).toBe(3)
    expect(ran).toEqual([1, 2, 3])
    expect(wire.sockets).toHaveLength(2)
    expect(wire.heard('refused')).toEqual([])
  })

  it('X26: refuses the newest secret where somebody else presents it, and leaves the owner alone', async () => {
    await using stage = await openStage(api, {
      authenticate: ({ auth }) => ({ principal: String(auth), context: {} }),
    })
    const { api: client, wire } = stage.invite<Api>({ auth: () => 'ann', isHasty: true })
    await client.add(1)
    for (const auth of ['bob', undefined]) {
      await using thief = await Stranger.arrive(stage.proxy.port)
      thief.say(['resume', { ...stolen(wire.heard('welcome')[0]), auth, version: 1, generation: 50, received: 0 }])
      thief.say([2, 0, ['call', 3, 'add', 666]])
      await vi.waitFor(() => expect(thief.heard('refused')).toMatchObject({ code: 'SESSION_LOST' }))
    }
    expect(await client.add(2)).toBe(2)
    stage.proxy.cut()
    expect(await client.add(3)).toBe(3)
    expect(ran).toEqual([1, 2, 3])
    expect(wire.heard('welcome')).toHaveLength(1)
  })

  it('X26: fences the owner where a thief with the same credentials is first: the owner is told, and ends by name', async () => {
    await using stage = await openStage(api, { authenticate: () => ({ principal: 'ann', context: {} }) })
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(1)
    const write = client.write('w').catch((error) => error)
    await vi.waitFor(() => expect(held.begun).toEqual(['w']))
    await using thief = await Stranger.arrive(stage.proxy.port)
    const owner = wire.socket
    const closed = new Promise<number>((resolve) => owner.on('close', resolve))
    thief.say(['resume', { ...stolen(wire.heard('welcome')[0]), version: 1, generation: 50, received: 1 }])
    await vi.waitFor(() => expect(thief.heard('resumed')).toBeDefined())
    expect(await closed).toBe(4309)
    expect(await write).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect(await client.add(2)).toBe(2)
    expect(wire.heard('welcome')).toHaveLength(2)
    expect(wire.said('resume')).toEqual([])
    expect(held.begun).toEqual(['w'])
  })

  it('X26: tells the log of a recorded resume that comes when its owner has gone on', async () => {
    const logger = new RecordingLogger()
    await using stage = await openStage(api, {
      logger,
      authenticate: ({ auth }) => ({ principal: String(auth), context: {} }),
    })
    const { api: client, wire } = stage.invite<Api>({ auth: () => 'ann', isHasty: true })
    await client.add(1)
    stage.proxy.cut()
    await client.add(2)
    await vi.waitFor(() => expect(wire.said('ack').length).toBeGreaterThanOrEqual(1))
    const { session } = stolen(wire.heard('welcome')[0])
    for (let attempt = 0; attempt < 3; attempt++) {
      await using thief = await Stranger.arrive(stage.proxy.port)
      thief.say(withGeneration(wire.said('resume')[0] ?? '', 1_000))
      await vi.waitFor(() => expect(thief.heard('refused')).toMatchObject({ code: 'SESSION_LOST' }))
    }
    expect(await client.add(3)).toBe(3)
    expect(logger.at('warn')).toMatchObject([
      { fields: { session, principal: 'ann', as: 'ann', address: expect.stringContaining('127.0.0.1') } },
    ])
  })

  it('X26: tells the log when the owner comes back to a session that a thief has gone on with', async () => {
    const logger = new RecordingLogger()
    await using stage = await openStage(api, { logger, authenticate: () => ({ principal: 'ann', context: {} }) })
    await using owner = await Stranger.arrive(stage.proxy.port)
    owner.hello({ generation: 1 })
    await vi.waitFor(() => expect(owner.heard('welcome')).toBeDefined())
    const { session, secret } = owner.heard('welcome') ?? {}
    owner.leave()
    await using thief = await Stranger.arrive(stage.proxy.port)
    thief.say(['resume', { version: 1, session, secret, generation: 2, received: 0 }])
    await vi.waitFor(() => expect(thief.heard('resumed')).toBeDefined())
    thief.say(['ack', 0, 2])
    thief.say(['ping'])
    await vi.waitFor(() => expect(thief.heard('pong')).toBeDefined())
    await using again = await Stranger.arrive(stage.proxy.port)
    again.say(['resume', { version: 1, session, secret, generation: 3, received: 0 }])
    await vi.waitFor(() => expect(again.heard('refused')).toMatchObject({ code: 'SESSION_LOST' }))
    expect(logger.at('warn')).toMatchObject([{ fields: { session, principal: 'ann' } }])
    expect(JSON.stringify(logger.lines)).not.toContain(secret)
  })

  it('X29: makes a session of their own for a stranger who says that they are somebody else', async () => {
    await using stage = await openStage(api, {
      authenticate: ({ auth }) => ({ principal: String(auth), context: {} }),
    })
    await using victim = await Stranger.arrive(stage.proxy.port)
    victim.hello({ auth: 'ann' })
    await vi.waitFor(() => expect(victim.heard('welcome')).toBeDefined())
    const { session } = victim.heard('welcome') ?? {}
    // The victim's client id and nonce, a generation that is newer, and fields that some protocols would believe.
    await using thief = await Stranger.arrive(stage.proxy.port)
    thief.hello({ auth: 'eve', generation: 99, session, principal: 'ann', from: 'ann', user: 'ann' })
    await vi.waitFor(() => expect(thief.heard('welcome')).toMatchObject({ received: 0 }))
    expect(thief.heard('welcome')?.session).not.toBe(session)
    expect([stage.server.connections.of('ann').length, stage.server.connections.of('eve').length]).toEqual([1, 1])
    victim.say([1, 0, ['call', 1, 'add', 1]])
    await vi.waitFor(() => expect(victim.frames.at(-1)?.[2]).toEqual(['result', 1, 1]))
    expect([victim.code, ran]).toEqual([undefined, [1]])
  })

  it('X26: refuses a delayed attempt of the client itself once a newer one has been here', async () => {
    await using stage = await openStage(api)
    await using first = await Stranger.arrive(stage.proxy.port)
    first.hello({ generation: 1 })
    await vi.waitFor(() => expect(first.heard('welcome')).toBeDefined())
    const { session, secret } = first.heard('welcome') ?? {}
    first.leave()
    await using newer = await Stranger.arrive(stage.proxy.port)
    newer.say(['resume', { version: 1, session, secret, generation: 3, received: 0 }])
    await vi.waitFor(() => expect(newer.heard('resumed')).toBeDefined())
    await using delayed = await Stranger.arrive(stage.proxy.port)
    delayed.say(['resume', { version: 1, session, secret, generation: 2, received: 0 }])
    await vi.waitFor(() => expect(delayed.heard('refused')).toMatchObject({ code: 'STALE' }))
    newer.say([1, 0, ['call', 1, 'add', 7]])
    await vi.waitFor(() => expect(ran).toEqual([7]))
    expect(newer.code).toBeUndefined()
  })

  it('H8: lives on where the check of credentials throws anything at all', async () => {
    const thrown: unknown[] = [null, undefined, Symbol('odd'), Object.freeze({}), new Error('down'), 'text']
    const failures: unknown[] = []
    await using stage = await openStage(api, {
      authenticate: () => {
        if (thrown.length > 0) throw thrown.shift()
        return { context: {} }
      },
      onError: ({ error }) => failures.push(error),
    })
    const count = thrown.length
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    expect(await client.add(1)).toBe(1)
    expect(failures).toHaveLength(count)
    expect(wire.sockets).toHaveLength(count + 1)
    expect(ran).toEqual([1])
  })

  it('H8: gives up a check that hangs, and makes nothing of an answer that comes after the socket closed', async () => {
    let answer: () => void = () => {}
    let checks = 0
    await using stage = await openStage(api, {
      limits: { authenticateTimeoutMs: 100 },
      authenticate: async () => {
        if (checks++ === 0) await new Promise<void>((resolve) => (answer = resolve))
        return { context: {} }
      },
    })
    await using hanging = await Stranger.arrive(stage.proxy.port)
    hanging.hello()
    hanging.say([1, 0, ['call', 1, 'add', 1]])
    await vi.waitFor(() => expect(hanging.code).toBe(4311))
    answer()
    const { api: client } = stage.invite<Api>()
    expect(await client.add(2)).toBe(2)
    expect(ran).toEqual([2])
    expect(hanging.heard('welcome')).toBeUndefined()
    expect(stage.server.size).toBe(1)
  })

  it('H8: makes nothing of a check that ends after its client has left', async () => {
    let answer: () => void = () => {}
    const checked = new Promise<void>((resolve) => (answer = resolve))
    let checks = 0
    await using stage = await openStage(api, {
      authenticate: async () => {
        checks++
        await checked
        return { context: {} }
      },
    })
    await using gone = await Stranger.arrive(stage.proxy.port)
    gone.hello()
    gone.say([1, 0, ['call', 1, 'add', 1]])
    await vi.waitFor(() => expect(checks).toBe(1))
    gone.leave()
    await vi.waitFor(() => expect(stage.server.size).toBe(0))
    answer()
    // The same attempt would be a stale one if the check that ended late had made a session.
    await using again = await Stranger.arrive(stage.proxy.port)
    again.hello()
    await vi.waitFor(() => expect(again.heard('welcome')).toMatchObject({ received: 0 }))
    expect(ran).toEqual([])
  })
})

function withGeneration(frame: string, generation: number): string {
  return frame.replace(/"generation":\d+/, `"generation":${generation}`)
}

/** What a thief has who read a welcome. */
function stolen(welcome = ''): { readonly session: string; readonly secret: string } {
  // Our own server's frame.
  const [, { session, secret }] = JSON.parse(welcome) as [string, { session: string; secret: string }]
  return { session, secret }
}
