import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FaultyProxy } from './faulty-proxy.ts'
import { startProxy } from './start-proxy.ts'

/** One end of a connection with what it has got. */
interface End {
  readonly socket: Socket
  readonly text: string
  /** How it finished: `end` in good order, else the error's code. */
  readonly finish: string | undefined
}

let server: Server
let proxy: FaultyProxy
let accepted: End[]
let clients: End[]

beforeEach(async () => {
  accepted = []
  clients = []
  server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(watch(socket)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await startProxy({ target: { port: (server.address() as AddressInfo).port } })
})

afterEach(async () => {
  for (const { socket } of [...clients, ...accepted]) socket.destroy()
  await proxy.close()
  await new Promise((resolve) => server.close(resolve))
  expect(proxy.counts.open).toBe(0)
})

describe('a proxy', () => {
  it('carries bytes both ways, counts them, and ends in good order', async () => {
    const { client, peer } = await pair()
    client.socket.end('ping')
    await vi.waitFor(() => expect(peer).toMatchObject({ text: 'ping', finish: 'end' }))
    peer.socket.end('answer')
    await vi.waitFor(() => expect(client).toMatchObject({ text: 'answer', finish: 'end' }))
    await vi.waitFor(() => expect(proxy.counts.open).toBe(0))
    expect(proxy.counts).toMatchObject({ accepted: 1, refused: 0, up: { carriedBytes: 4 }, down: { carriedBytes: 6 } })
  })

  it('carries megabytes unchanged', async () => {
    const { client, peer } = await pair()
    const text = 'abcdefghijk'.repeat(300_000)
    client.socket.end(text)
    await vi.waitFor(() => expect(peer.finish).toBe('end'), { timeout: 5_000 })
    expect(peer.text === text).toBe(true)
  })

  it('delays each way by its own latency', async () => {
    const { client, peer } = await pair()
    proxy.change({ up: { latencyMs: 200 } })
    const sentAt = performance.now()
    client.socket.write('x')
    await vi.waitFor(() => expect(peer.text).toBe('x'), { interval: 2 })
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(199)
    const answeredAt = performance.now()
    peer.socket.write('y')
    await vi.waitFor(() => expect(client.text).toBe('y'), { interval: 2 })
    expect(performance.now() - answeredAt).toBeLessThan(200)
  })

  it('throttles to its rate, and stops throttling in the midst', async () => {
    const { client, peer } = await pair()
    proxy.change({ up: { bytesPerSecond: 100_000 } })
    const sentAt = performance.now()
    client.socket.write('x'.repeat(1_000_000))
    await vi.waitFor(() => expect(peer.text.length).toBeGreaterThanOrEqual(20_000), { interval: 2 })
    const arrived = peer.text.length
    // At most its rate, and a tenth of a second's worth at once.
    expect(arrived).toBeLessThanOrEqual((performance.now() - sentAt + 100) * 100)
    expect(arrived).toBeLessThan(1_000_000)
    proxy.heal()
    await vi.waitFor(() => expect(peer.text.length).toBe(1_000_000))
  })

  it('sets no timer where nothing may pass, and goes on when it may', async () => {
    const { client, peer } = await pair()
    proxy.change({ up: { bytesPerSecond: 0 } })
    const timers = vi.spyOn(globalThis, 'setTimeout')
    client.socket.write('x'.repeat(1_000))
    // The answer comes back on the other way meanwhile.
    peer.socket.write('y')
    await vi.waitFor(() => expect(client.text).toBe('y'))
    expect(timers.mock.calls.filter(([, ms = 0]) => ms > 2 ** 31 - 1)).toEqual([])
    timers.mockRestore()
    expect(peer.text).toBe('')
    proxy.change({ up: { bytesPerSecond: 100_000 } })
    await vi.waitFor(() => expect(peer.text.length).toBe(1_000))
  })

  it.each([
    [{ up: { latencyMs: -1 } }, '"up.latencyMs" is -1: give a number from 0.'],
    [{ up: { latencyMs: Infinity } }, '"up.latencyMs" is Infinity: give isStalled, which holds everything.'],
    [{ down: { bytesPerSecond: Number.NaN } }, '"down.bytesPerSecond" is NaN: give a number from 0.'],
    [{ up: { cutAfterBytes: '5' as never } }, '"up.cutAfterBytes" is 5: give a number from 0.'],
    [{ up: { latency: 5 } as never }, '"up" has "latency", which is no condition of a line.'],
  ])('takes no change %j, and stays as it was', async (change, message) => {
    expect(() => proxy.change(change)).toThrow(new TypeError(message))
    await expect(startProxy({ target: { port: 1 }, ...change })).rejects.toThrow(new TypeError(message))
    const { client, peer } = await pair()
    client.socket.write('x')
    await vi.waitFor(() => expect(peer.text).toBe('x'))
  })

  it.each([undefined, Number.NaN, 0, 65_536])('leads to no port %s', async (port) => {
    const message = `"target.port" is ${port}: give a whole number from 1 to 65535.`
    await expect(startProxy({ target: { port: port as number } })).rejects.toThrow(new TypeError(message))
  })

  it('lets the sender feel a stall, and delivers what waited in one burst', async () => {
    const { client, peer } = await pair()
    proxy.change({ up: { isStalled: true } })
    const text = 'x'.repeat(16 * 1024 * 1024)
    client.socket.write(text)
    client.socket.end()
    await vi.waitFor(() => expect(client.socket.writableLength).toBeGreaterThan(0))
    expect(peer.text).toBe('')
    proxy.heal()
    await vi.waitFor(() => expect(peer.finish).toBe('end'), { timeout: 5_000 })
    expect(peer.text.length).toBe(text.length)
  })

  it('swallows one way while the other goes on, and keeps a hole a hole', async () => {
    const { client, peer } = await pair()
    proxy.change({ up: { isHole: true } })
    client.socket.write('lost')
    await vi.waitFor(() => expect(proxy.counts.up.lostBytes).toBe(4))
    proxy.heal()
    client.socket.end('lost too')
    peer.socket.write('heard')
    await vi.waitFor(() => expect(client.text).toBe('heard'))
    await vi.waitFor(() => expect(proxy.counts.up.lostBytes).toBe(12))
    expect(peer).toMatchObject({ text: '', finish: undefined })
    const another = await pair()
    another.client.socket.write('through')
    await vi.waitFor(() => expect(another.peer.text).toBe('through'))
  })

  it.each(['up', 'down'] as const)('resets both sides after exactly so many bytes %s', async (way) => {
    const { client, peer } = await pair()
    proxy.change({ [way]: { cutAfterBytes: 5 } })
    const [sender, receiver] = way === 'up' ? [client, peer] : [peer, client]
    sender.socket.write('abc')
    await vi.waitFor(() => expect(receiver.text).toBe('abc'))
    sender.socket.write('defgh')
    // Where bytes lie unread before the reset, some kernels tell of an end behind them.
    await vi.waitFor(() => expect([sender.finish, receiver.finish]).toEqual(['ECONNRESET', expect.any(String)]))
    expect(receiver.text).toBe('abcde')
    expect(proxy.counts[way].carriedBytes).toBe(5)
  })

  it('cuts what is open, now', async () => {
    const { client, peer } = await pair()
    proxy.cut()
    await vi.waitFor(() => expect([client.finish, peer.finish]).toEqual(['ECONNRESET', 'ECONNRESET']))
    const another = await pair()
    another.client.socket.write('on')
    await vi.waitFor(() => expect(another.peer.text).toBe('on'))
  })

  it('ends one way and leaves the other open', async () => {
    const { client, peer } = await pair()
    client.socket.write('last')
    await vi.waitFor(() => expect(peer.text).toBe('last'))
    proxy.end('up')
    await vi.waitFor(() => expect(peer.finish).toBe('end'))
    peer.socket.write('still here')
    await vi.waitFor(() => expect(client).toMatchObject({ text: 'still here', finish: undefined }))
  })

  it('hands a reset on', async () => {
    const { client, peer } = await pair()
    peer.socket.resetAndDestroy()
    await vi.waitFor(() => expect(client.finish).toBe('ECONNRESET'))
  })

  it('refuses new connections, and takes them again', async () => {
    const { client, peer } = await pair()
    proxy.change({ isRefusing: true })
    const refused = dial()
    await vi.waitFor(() => expect(refused.finish).toBe('ECONNRESET'))
    expect(proxy.counts).toMatchObject({ accepted: 2, refused: 1 })
    client.socket.write('open still')
    await vi.waitFor(() => expect(peer.text).toBe('open still'))
    proxy.change({ isRefusing: false })
    await pair()
  })

  it('resets a client whose server is not there', async () => {
    const lonely = await startProxy({ target: { port: 1 } })
    const client = watch(connect(lonely.port, '127.0.0.1'))
    await vi.waitFor(() => expect(client.finish).toBe('ECONNRESET'))
    await lonely.close()
  })

  it('leaves nothing behind, and closes twice', async () => {
    const before = resources('TCPSocketWrap', 'Timeout')
    const { client, peer } = await pair()
    proxy.change({ up: { latencyMs: 60_000 }, down: { isStalled: true } })
    client.socket.write('x')
    peer.socket.write('y')
    await Promise.all([proxy.close(), proxy.close()])
    await vi.waitFor(() => expect([client.finish, peer.finish]).toEqual(['ECONNRESET', 'ECONNRESET']))
    expect(resources('TCPSocketWrap', 'Timeout')).toEqual(before)
  })
})

async function pair(): Promise<{ client: End; peer: End }> {
  const index = accepted.length
  const client = dial()
  const peer = await vi.waitUntil(() => accepted[index], { interval: 2 })
  return { client, peer }
}

function dial(): End {
  const end = watch(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }))
  clients.push(end)
  return end
}

function watch(socket: Socket): End {
  const end: { socket: Socket; text: string; finish: string | undefined } = { socket, text: '', finish: undefined }
  socket.on('data', (bytes) => {
    end.text += bytes.toString('latin1')
  })
  socket.on('end', () => {
    end.finish = 'end'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end.finish = error.code
  })
  return end
}

/** What keeps this process awake, of these kinds. */
function resources(...kinds: string[]): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind))
}
