import { hotline, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { connect, greet, HELLO } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline()
let runs = 0
const api = h.router({ run: h.mutation(() => ++runs) })
const CALL = [1, 0, ['call', 1, 'run']]

/** A server whose `authenticate` never answers, so that every connection stays before its welcome. */
const undecided = () =>
  serve(api, { port: 0, logger: new RecordingLogger(), authenticate: () => new Promise(() => {}) })
const open = () => serve(api, { port: 0, logger: new RecordingLogger() })

describe('a connection', () => {
  it('H2: is closed with 4410 for a call before hello, which does not run', async () => {
    await using server = await open()
    const client = await connect(server.port)
    client.say(CALL)
    expect(await client.closed).toEqual({ code: 4410, reason: 'A frame "data" came before hello.' })
    expect(runs).toBe(0)
    await greet(server.port)
  })

  it.each([['ping'], ['ack', 0], ['bye']])('H2: is closed with 4410 for "%s" before hello', async (...frame) => {
    await using server = await open()
    const client = await connect(server.port)
    client.say(frame)
    expect(await client.closed).toEqual({ code: 4410, reason: `A frame "${frame[0]}" came before hello.` })
  })

  it('X28: is closed with 4411 for a second hello, before and after the welcome', async () => {
    await using server = await open()
    const welcomed = await greet(server.port)
    welcomed.say(['hello', HELLO])
    expect((await welcomed.closed).code).toBe(4411)
    await using waiting = await undecided()
    const undecidedClient = await connect(waiting.port)
    undecidedClient.say(['hello', HELLO], ['hello', HELLO])
    expect((await undecidedClient.closed).code).toBe(4411)
  })

  it('H1: is closed with 4308 when no hello comes in time', async () => {
    await using server = await serve(api, { port: 0, logger: new RecordingLogger(), limits: { helloTimeoutMs: 20 } })
    const client = await connect(server.port)
    expect(await client.closed).toEqual({ code: 4308, reason: 'No hello came within 20 ms.' })
    expect(server.size).toBe(0)
  })

  it('is not closed for its hello deadline once it has been welcomed', async () => {
    await using server = await serve(api, { port: 0, logger: new RecordingLogger(), limits: { helloTimeoutMs: 20 } })
    const early = await greet(server.port)
    const late = await connect(server.port)
    // The deadline of the one that came later has passed, so that of the earlier one has too.
    await late.closed
    early.say(CALL)
    expect((await early.hear())[2]).toEqual(['result', 1, runs])
  })

  it('D17: is closed with 4329 for more than 8 KiB before its welcome, and none of it runs', async () => {
    await using server = await undecided()
    const client = await connect(server.port)
    const before = runs
    client.say(['hello', HELLO])
    for (let n = 0; n < 3; n++) client.say([n + 1, 0, ['call', n * 2 + 1, 'run', 'x'.repeat(3_000)]])
    expect((await client.closed).code).toBe(4329)
    expect(runs).toBe(before)
  })

  it('is closed with 4329 for a hello of more than 8 KiB', async () => {
    await using server = await open()
    const client = await connect(server.port)
    client.say(['hello', { ...HELLO, auth: 'x'.repeat(8 * 1024) }])
    expect((await client.closed).code).toBe(4329)
  })

  it('D17: runs what waited behind hello once it is welcomed', async () => {
    await using server = await open()
    const client = await connect(server.port)
    client.say(['hello', HELLO], CALL)
    expect((await client.hear())[0]).toBe('welcome')
    expect((await client.hear())[2]).toEqual(['result', 1, runs])
  })

  it('B18: is refused by name and closed with 4426 for another version', async () => {
    await using server = await open()
    const client = await connect(server.port)
    client.say(['hello', { ...HELLO, version: 2 }])
    expect(await client.hear()).toMatchObject(['refused', { code: 'VERSION' }])
    expect((await client.closed).code).toBe(4426)
  })

  it.each(['version', 'client', 'nonce', 'generation', 'timeoutMs'])(
    'is closed with 4400 for a hello without its "%s"',
    async (field) => {
      await using server = await open()
      const client = await connect(server.port)
      client.say(['hello', { ...HELLO, [field]: undefined }])
      const { code, reason } = await client.closed
      expect(code).toBe(4400)
      expect(reason).toContain(`"${field}"`)
    },
  )
})
