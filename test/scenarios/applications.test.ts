import { connectionOf } from '@hotline/client'
import { hotline, memoryIdempotencyStore } from '@hotline/server'
import { serveInMemory } from '@hotline/testing'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'

const h = hotline<object>()

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Takes the place of the test runner's own listeners, who would count what is thrown on as a failure. */
function catchThrownOn(): unknown[] {
  const thrown: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => thrown.push(error))
  closers.push(() => {
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  })
  return thrown
}

describe('an application', () => {
  it('A8: that calls in the very moment in which its line is back is heard, behind those who waited', async () => {
    const ran: number[] = []
    const held: (() => void)[] = []
    const router = h.router({
      note: h.input(z.number()).mutation(async ({ input }) => {
        ran.push(input)
        if (ran.length <= 3) await new Promise<void>((resolve) => held.push(resolve))
        return input
      }),
    })
    const server = serveInMemory<typeof router, object>(router, { logger: SILENT })
    closers.push(server.stop)
    const client = server.connect()
    const connection = connectionOf(client)
    closers.push(() => connection.close())
    const calls = [1, 2, 3].map((number) => client.note(number))
    await expect.poll(() => ran).toEqual([1, 2, 3])
    server.cut()
    await expect.poll(() => connection.state.name).toBe('waiting')
    calls.push(client.note(4))
    const stop = connection.subscribe(() => {
      if (connection.state.name !== 'open') return
      stop()
      calls.push(client.note(5))
      for (const release of held) release()
    })
    connection.connect()
    await expect.poll(() => calls.length).toBe(5)
    expect(await Promise.all(calls)).toEqual([1, 2, 3, 4, 5])
    expect(ran).toEqual([1, 2, 3, 4, 5])
  })

  it('B13: whose listeners throw disturbs neither the line nor the other listeners', async () => {
    const thrown = catchThrownOn()
    let hear: () => void = () => {}
    const isHeard = new Promise<void>((resolve) => {
      hear = resolve
    })
    const router = h.router({
      echo: h.query(() => 'echo'),
      three: h.subscription(async function* () {
        await isHeard
        yield* [1, 2, 3]
      }),
    })
    const server = serveInMemory<typeof router, object>(router, { logger: SILENT })
    closers.push(server.stop)
    const client = server.connect()
    const connection = connectionOf(client)
    closers.push(() => connection.close())
    const states: string[] = []
    connection.subscribe(() => {
      throw new Error('from a listener')
    })
    connection.subscribe(() => states.push(connection.state.name))
    expect(await client.echo()).toBe('echo')
    expect(states).toContain('open')
    const heard: number[] = []
    const stream = await client.three()
    stream.on({
      next: () => {
        throw new Error('from an observer')
      },
      complete: () => {
        throw new Error('from the end')
      },
    })
    stream.on({ next: (item) => heard.push(item) })
    hear()
    await stream.result
    expect(heard).toEqual([1, 2, 3])
    server.cut()
    await expect.poll(() => connection.state.name).toBe('waiting')
    connection.connect()
    expect(await client.echo()).toBe('echo')
    const messages = new Set(thrown.map((error) => (error as Error).message))
    expect(messages).toEqual(new Set(['from a listener', 'from an observer', 'from the end']))
  })

  it('D13: whose onError throws too gets its failures logged, and its callers get INTERNAL', async () => {
    const logged: string[] = []
    const router = h.router({
      fail: h.query(() => {
        throw new Error('from a handler')
      }),
      echo: h.query(() => 'echo'),
    })
    const server = serveInMemory<typeof router, object>(router, {
      logger: { ...SILENT, error: (entry: object) => logged.push((entry as { readonly err: Error }).err.message) },
      onError: () => {
        throw new Error('from onError')
      },
    })
    closers.push(server.stop)
    const client = server.connect()
    closers.push(() => connectionOf(client).close())
    await expect(client.fail()).rejects.toMatchObject({ code: 'INTERNAL', data: { id: expect.any(String) } })
    expect(logged).toEqual(['from a handler', 'from onError'])
    expect(await client.echo()).toBe('echo')
  })
})

describe('two servers with one store of keys', () => {
  it('G12: run a call once that is made at both, and both give that run as the answer', async () => {
    const ran: string[] = []
    let release: () => void = () => {}
    const store = memoryIdempotencyStore()
    const clients = ['a', 'b'].map((name) => {
      const router = h.router({
        pay: h.mutation(async () => {
          ran.push(name)
          await new Promise<void>((resolve) => {
            release = resolve
          })
          return `paid at ${name}`
        }),
      })
      const authenticate = () => ({ principal: 'ann', context: {} })
      const server = serveInMemory<typeof router, object>(router, {
        authenticate,
        idempotencyStore: store,
        logger: SILENT,
      })
      closers.push(server.stop)
      const client = server.connect()
      closers.push(() => connectionOf(client).close())
      return client
    })
    const pay = (index: number) => clients[index]?.pay(undefined, { idempotencyKey: 'order 7' })
    const first = pay(0)
    await expect.poll(() => ran).toEqual(['a'])
    await expect(pay(1)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', mayHaveRun: true })
    release()
    expect(await first).toBe('paid at a')
    expect(await pay(1)).toBe('paid at a')
    expect(ran).toEqual(['a'])
  })
})
