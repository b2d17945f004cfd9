import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { collectGarbage } from './fixture/heap.ts'

const MIB = 1024 * 1024
/** `UPLOAD_MIB=1024 npx vitest run test/limits/large-upload.test.ts` sends as much as docs/RELIABILITY.md says. */
const UPLOAD_MIB = Number(process.env.UPLOAD_MIB ?? 256)
const CHUNK = 64 * 1024

const h = hotline<object>()
const api = h.router({
  store: h.items(z.instanceof(Uint8Array)).mutation(async ({ items }) => {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of items) {
      hash.update(chunk)
      bytes += chunk.byteLength
    }
    return { bytes, hash: hash.digest('hex') }
  }),
  ping: h.query(() => 'pong'),
})
interface Api extends Infer<typeof api> {}

/** A file that nobody has to keep: its chunks are made when they are asked for. */
function* file(hash: ReturnType<typeof createHash>) {
  for (let chunk = 0; chunk < (UPLOAD_MIB * MIB) / CHUNK; chunk++) {
    const bytes = new Uint8Array(CHUNK).fill(chunk)
    hash.update(bytes)
    yield bytes
  }
}

/** Of both ends, what the collector hasn't looked at yet included. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('a large upload', { timeout: 300_000 }, () => {
  it('arrives as it was sent, with memory that does not grow by its size, and small calls pass it', async () => {
    await using server = await serve(api, { port: 0 })
    const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
    await client.ping()
    await collectGarbage()
    const [sent, before] = [createHash('sha256'), held()]
    let isOver = false
    const uploading = client.store(undefined, { items: file(sent) }).finally(() => {
      isOver = true
    })
    const [delays, peak] = [[] as number[], { bytes: 0 }]
    while (!isOver) {
      const startedAt = performance.now()
      expect(await client.ping()).toBe('pong')
      delays.push(performance.now() - startedAt)
      peak.bytes = Math.max(peak.bytes, held() - before)
      await setImmediate()
    }
    expect(await uploading).toEqual({ bytes: UPLOAD_MIB * MIB, hash: sent.digest('hex') })
    expect(server.stats()).toMatchObject({ unread: 0, streams: 0 })
    expect(peak.bytes).toBeLessThan(96 * MIB)
    delays.sort((one, other) => one - other)
    const at = (share: number) => `${(delays[Math.floor(delays.length * share)] ?? 0).toFixed(1)} ms`
    console.info(
      `${UPLOAD_MIB} MiB; memory of both ends grew by ${Math.round(peak.bytes / MIB)} MiB at most; ` +
        `${delays.length} small calls beside it, p50 ${at(0.5)}, p99 ${at(0.99)}`,
    )
    // Each of them had its turn.
    expect(delays.length).toBeGreaterThan(20)
    connectionOf(client).close()
  })
})
