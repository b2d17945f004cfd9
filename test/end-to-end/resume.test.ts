import { createServer } from 'node:http'
import { connectionOf, createClient } from '@hotline/client'
import { attach, hotline, type Infer, serve } from '@hotline/server'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'

const h = hotline<object>()
let runs = 0
let release: () => void = () => {}
const api = h.router({
  add: h.input(z.number()).mutation(({ input }) => {
    runs++
    return input
  }),
  slow: h.mutation(async () => {
    runs++
    await new Promise<void>((resolve) => {
      release = resolve
    })
    return 'slow'
  }),
  count: h.subscription(async function* () {
    for (let i = 0; i < 2000; i++) {
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
      yield i
    }
  }),
})
interface Api extends Infer<typeof api> {}

test('A1, A2: a session goes on across cuts, with nothing lost, repeated or out of order', async () => {
  const http = createServer({ headersTimeout: 10_000 })
  const sockets = new Set<import('node:stream').Duplex>()
  http.on('upgrade', (_request, socket) => sockets.add(socket))
  const server = attach(api, { server: http })
  await new Promise<void>((resolve) => http.listen(0, resolve))
  const { port } = http.address() as { port: number }
  const client = createClient<Api>({ url: `ws://localhost:${port}/rpc`, WebSocket })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const slow = client.slow()
  const stream = await client.count()
  const numbers: number[] = []
  const calls: Promise<number>[] = []
  for await (const n of stream) {
    numbers.push(n)
    if (n === 100 || n === 700) {
      for (let i = 0; i < 1000; i++) calls.push(client.add(i))
      cut()
    }
  }
  expect(numbers).toEqual(Array.from({ length: 2000 }, (_, i) => i))
  const results = await Promise.all(calls)
  expect(results).toEqual([...Array(1000).keys(), ...Array(1000).keys()])
  release()
  expect(await slow).toBe('slow')
  expect(runs).toBe(2001)
  connectionOf(client).close()
  await server.close()
  http.close()
}, 20000)

test('C8: a large message goes in pieces, and smaller ones pass it', async () => {
  const echo = h.router({ echo: h.input(z.string()).query(({ input }) => input) })
  const server = await serve(echo, { port: 0 })
  const client = createClient<typeof echo>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
  await client.echo('open')
  const order: string[] = []
  const large = client.echo('"\\\u0000é😀'.repeat(60_000)).then((text) => order.push(`large ${text.length}`))
  const small = client.echo('small').then((text) => order.push(text))
  await Promise.all([large, small])
  expect(order).toEqual(['small', 'large 360000'])
  await expect(client.echo('x'.repeat(1024 * 1024))).rejects.toMatchObject({ code: 'TOO_LARGE', mayHaveRun: false })
  connectionOf(client).close()
  await server.close()
})
