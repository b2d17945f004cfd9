import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, type Server, serve } from '@hotline/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { ServerProcesses } from './idempotency/server-process.ts'
import type { Api as ProcessApi } from './idempotency/server-program.ts'
import { greet, type RawClient } from './raw-client.ts'

const clients: object[] = []

afterEach(() => {
  for (const client of clients.splice(0)) connectionOf(client).close()
})

function clientOf<Api extends object>(port: number | undefined, user: string) {
  const client = createClient<Api>({ url: `ws://localhost:${port}/rpc`, WebSocket, auth: () => user })
  clients.push(client)
  return client
}

describe('calls with one key, over real sockets', () => {
  const h = hotline<{ user: string }>()
  const api = h.router({
    pay: h.input(z.number()).mutation(({ input, ctx }) => `${ctx.user} paid ${input}, run ${++runs}`),
    refund: h.input(z.number()).mutation(() => `run ${++runs}`),
    payLater: h.input(z.number()).mutation(async ({ input, signal }) => {
      runs++
      signals.push(signal)
      await released
      return { paid: input, at: new Date(0) }
    }),
    watch: h.subscription(async function* () {}),
  })
  interface Api extends Infer<typeof api> {}
  let server: Server
  let runs: number
  let signals: AbortSignal[]
  let released: Promise<void>
  let release: () => void

  beforeEach(async () => {
    runs = 0
    signals = []
    released = new Promise((resolve) => {
      release = resolve
    })
    server = await serve(api, {
      port: 0,
      authenticate: ({ auth }) => ({
        context: { user: String(auth) },
        ...(typeof auth === 'string' ? { principal: auth } : {}),
      }),
    })
  })

  afterEach(() => server.close())

  it('D3: two clients of one principal race: one run, and both get the same bytes', async () => {
    const call = (id: number) => ['call', id, 'payLater', 5, { idempotencyKey: 'k' }]
    const [one, two] = await Promise.all([greet(server.port, { auth: 'ann' }), greet(server.port, { auth: 'ann' })])
    one.say([1, 0, call(1)])
    two.say([1, 0, call(7)])
    await acknowledged(one)
    await acknowledged(two)
    release()
    const answer = ',{"paid":5,"at":"1970-01-01T00:00:00.000Z"},{"meta":{"values":{"at":["Date"]},"v":1}}]'
    expect([await answerTo(one), await answerTo(two)]).toEqual([`["result",1${answer}`, `["result",7${answer}`])
    expect(runs).toBe(1)
    two.say([2, 1, call(9)])
    expect([await answerTo(two), runs]).toEqual([`["result",9${answer}`, 1])
    one.socket.close()
    two.socket.close()
  })

  it('D3: a client that leaves takes the answer from nobody else', async () => {
    const call = ['call', 1, 'payLater', 5, { idempotencyKey: 'k' }]
    const leaving = await greet(server.port, { auth: 'ann' })
    leaving.say([1, 0, call])
    await acknowledged(leaving)
    const staying = clientOf<Api>(server.port, 'ann')
    const paid = staying.payLater(5, { idempotencyKey: 'k' })
    await staying.pay(1)
    leaving.say(['bye'])
    await leaving.closed
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    release()
    expect(await paid).toEqual({ paid: 5, at: new Date(0) })
  })

  it('aborts the run when the last one who waited leaves', async () => {
    const client = clientOf<Api>(server.port, 'ann')
    const leaving = [new AbortController(), new AbortController()]
    const calls = leaving.map(({ signal }) =>
      client.payLater(5, { idempotencyKey: 'k', signal }).catch(({ code }) => code),
    )
    await client.pay(1)
    leaving[0]?.abort()
    await client.pay(1)
    expect(signals[0]?.aborted).toBe(false)
    leaving[1]?.abort()
    await client.pay(1)
    expect(signals[0]?.aborted).toBe(true)
    expect(await Promise.all(calls)).toEqual(['CANCELLED', 'CANCELLED'])
    release()
  })

  it('D4: refuses the key for another input, and says so', async () => {
    const client = clientOf<Api>(server.port, 'ann')
    const first = await client.pay(5, { idempotencyKey: 'k' })
    await expect(client.pay(6, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'KEY_CONFLICT',
      mayHaveRun: false,
    })
    expect([await client.pay(5, { idempotencyKey: 'k' }), runs]).toEqual([first, 1])
  })

  it('X32: nobody gets the result of another, nor of another procedure, by knowing the key', async () => {
    const [ann, bob] = [clientOf<Api>(server.port, 'ann'), clientOf<Api>(server.port, 'bob')]
    expect(await ann.pay(5, { idempotencyKey: 'k' })).toBe('ann paid 5, run 1')
    expect(await bob.pay(5, { idempotencyKey: 'k' })).toBe('bob paid 5, run 2')
    expect(await bob.pay(6, { idempotencyKey: 'l' })).toBe('bob paid 6, run 3')
    expect(await ann.refund(5, { idempotencyKey: 'k' })).toBe('run 4')
    let run = 5
    for (const client of ['ann', 'principal:ann']) {
      const stranger = await greet(server.port, { client })
      stranger.say([1, 0, ['call', 1, 'pay', 5, { idempotencyKey: 'k' }]])
      expect(await answerTo(stranger)).toBe(`["result",1,"undefined paid 5, run ${run++}"]`)
      stranger.socket.close()
    }
  })

  it('is the same client’s key in its next session, where there is no principal', async () => {
    const pay = (id: number) => [1, 0, ['call', id, 'pay', 5, { idempotencyKey: 'k' }]]
    const first = await greet(server.port, { client: 'c-1' })
    first.say(pay(1))
    const answer = await answerTo(first)
    first.socket.close()
    const second = await greet(server.port, { client: 'c-1' })
    second.say(pay(1))
    expect(await answerTo(second)).toBe(answer)
    second.socket.close()
  })

  it('is refused for a subscription', async () => {
    const client = clientOf<Api>(server.port, 'ann')
    await expect(client.watch(undefined, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('"watch" is a subscription'),
    })
  })
})

describe('calls with a key whose server is killed with -9', () => {
  let server: ServerProcesses

  beforeEach(async () => {
    server = await ServerProcesses.build()
  })

  afterEach(() => server.close())

  it('D3: have run once after the restart too, and give the same result, where the store is durable', async () => {
    const port = await server.start()
    const paid = await clientOf<ProcessApi>(port, 'ann').pay(5, { idempotencyKey: 'k' })
    await server.kill()
    await server.start({ port })
    const again = clientOf<ProcessApi>(port, 'ann')
    expect(await again.pay(5, { idempotencyKey: 'k' })).toEqual(paid)
    await expect(again.pay(6, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'KEY_CONFLICT' })
    expect(await clientOf<ProcessApi>(port, 'bob').pay(5, { idempotencyKey: 'k' })).toMatchObject({ count: 2 })
    expect(await server.effects()).toHaveLength(2)
  })

  it('D5: are in doubt where it died between the effect and the result, and do not run again', async () => {
    const port = await server.start({ hangs: true })
    const client = clientOf<ProcessApi>(port, 'ann')
    const paying = client.pay(5, { idempotencyKey: 'k' }).catch((error) => error)
    await vi.waitFor(async () => expect(await server.effects()).toHaveLength(1))
    await server.kill()
    await server.start({ port })
    expect(await paying).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    await expect(client.pay(5, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await server.effects()).toEqual([{ by: 'ann', key: 'k', amount: 5 }])
  })

  it('D5: give their result, where the handler commits the key together with its effect', async () => {
    const port = await server.start({ hangs: true })
    const paying = clientOf<ProcessApi>(port, 'ann').payAndCommit(5, { idempotencyKey: 'k' })
    await vi.waitFor(async () => expect(await server.effects()).toHaveLength(1))
    await server.kill()
    await server.start({ port })
    expect(await paying).toEqual({ paid: 5 })
    expect(await server.effects()).toEqual([{ by: 'ann', key: 'k', amount: 5 }])
  })
})

/** Resolves when what the client has said is handed over: the server answers its ping behind that. */
async function acknowledged(client: RawClient): Promise<void> {
  client.say(['ping'])
  const frame = await client.hear()
  if (frame[0] !== 'pong') throw new Error(`Expected a pong, got ${JSON.stringify(frame)}.`)
}

/** The text of the one message in the next frame that carries one. */
async function answerTo(client: RawClient): Promise<string> {
  while (typeof (await client.hear())[0] !== 'number');
  const frame = client.transcript.findLast((text) => /^\[\d/.test(text)) ?? ''
  return frame.replace(/^\[\d+,\d+,/, '').slice(0, -1)
}
