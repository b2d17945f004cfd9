import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve } from '@hotline/server'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { RecordingLogger } from './recording-logger.ts'

const KIB = 1024

const h = hotline<object>()
const api = h.router({
  // As a handler does that gives its work to a worker.
  sum: h.input(z.instanceof(Uint8Array)).mutation(({ input }) => {
    const moved = structuredClone(input, { transfer: [input.buffer] })
    return { sum: moved.reduce((sum, byte) => sum + byte, 0), left: input.byteLength }
  }),
})
interface Api extends Infer<typeof api> {}

it.each([
  ['frame', 12 * KIB],
  ['read of the socket', 28 * KIB],
])('lets a handler transfer the bytes of its input, where others came in the same %s', async (_, size) => {
  const logger = new RecordingLogger()
  const server = await serve(api, { port: 0, logger })
  const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
  await client.sum(new Uint8Array(1))
  const states = new Set<string>()
  connectionOf(client).subscribe(() => states.add(connectionOf(client).state.name))
  const calls = Array.from({ length: 24 }, (_, n) => client.sum(new Uint8Array(size).fill(n)))
  expect(await Promise.all(calls)).toEqual(calls.map((_, n) => ({ sum: n * size, left: 0 })))
  expect([...states]).toEqual([])
  connectionOf(client).close()
  await server.close()
})
