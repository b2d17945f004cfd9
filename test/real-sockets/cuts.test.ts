import { Socket } from 'node:net'
import { hotline, type Infer } from '@hotline/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { expectNothingLeft, resources } from './fixture/nothing-left.ts'
import { openStage } from './fixture/stage.ts'
import { Stranger } from './fixture/stranger.ts'

const h = hotline<object>()
const ran: number[] = []
let source: Source
const api = h.router({
  add: h.input(z.number()).mutation(({ input }) => {
    ran.push(input)
    return input
  }),
  numbers: h.subscription(() => source.items()),
})
interface Api extends Infer<typeof api> {}

/** Numbers that the test pushes when it likes. */
class Source {
  #count = 0
  #wake = () => {}

  push(count: number): void {
    this.#count += count
    this.#wake()
  }

  async *items(): AsyncGenerator<number> {
    for (let number = 0; ; number++) {
      while (number >= this.#count) await new Promise<void>((resolve) => (this.#wake = resolve))
      yield number
    }
  }
}

let before: string[]

beforeEach(() => {
  ran.length = 0
  source = new Source()
  before = resources()
})

afterEach(() => expectNothingLeft(before))

describe('a session on real sockets', () => {
  it('A1: goes on after its client lost the connection, with nothing lost or repeated', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    const seen = follow(await client.numbers())
    source.push(10)
    await vi.waitFor(() => expect(seen).toHaveLength(10))
    wire.socket.terminate()
    source.push(10)
    await vi.waitFor(() => expect(seen).toHaveLength(20))
    expect(seen).toEqual(upTo(20))
    expect(await client.add(1)).toBe(1)
    expect(wire.heard('resumed')).toHaveLength(1)
    expect(wire.heard('welcome')).toHaveLength(1)
  })

  it('A2: answers each of 1,000 calls once and in order while its sockets end mid-burst, time and again', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(-1)
    ran.length = 0
    const settled: number[] = []
    let cuts = 0
    const calls = upTo(1000).map(async (index) => {
      settled.push(await client.add(index))
      if (settled.length % 100 === 0 && cuts < 9) {
        cuts++
        stage.proxy.cut()
      }
    })
    // The first cut finds the burst written and nothing of it answered.
    stage.proxy.cut()
    await Promise.all(calls)
    expect(ran).toEqual(upTo(1000))
    expect(settled).toEqual(upTo(1000))
    expect(cuts).toBe(9)
    expect(wire.heard('resumed').length).toBeGreaterThanOrEqual(2)
  })

  it('A2: loses nothing where a connection is cut after each number of bytes, up or down', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(-1)
    ran.length = 0
    const expected: number[] = []
    for (let bytes = 350; bytes < 1100; bytes += 25) {
      for (const way of ['up', 'down'] as const) {
        stage.proxy.change({ [way]: { cutAfterBytes: bytes } })
        const { accepted } = stage.proxy.counts
        stage.proxy.cut()
        const index = expected.push(expected.length) - 1
        const call = client.add(index)
        // At least one more attempt has met the bound, or the call was answered within it.
        await Promise.race([call, vi.waitFor(() => expect(stage.proxy.counts.accepted).toBeGreaterThan(accepted + 1))])
        stage.proxy.heal()
        expect(await call).toBe(index)
      }
    }
    expect(ran).toEqual(expected)
    expect(wire.heard('welcome')).toHaveLength(1)
  })

  it.each(['up', 'down'] as const)('A2: goes on after its line was closed only %s', async (way) => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    const seen = follow(await client.numbers())
    source.push(5)
    await vi.waitFor(() => expect(seen).toHaveLength(5))
    const calls = upTo(100).map((index) => client.add(index))
    stage.proxy.end(way)
    source.push(5)
    expect(await Promise.all(calls)).toEqual(upTo(100))
    await vi.waitFor(() => expect(wire.heard('resumed')).toHaveLength(1))
    await vi.waitFor(() => expect(seen).toHaveLength(10))
    expect(seen).toEqual(upTo(10))
    expect(ran).toEqual(upTo(100))
  })

  it('A2: takes what a stalled line delivers in one burst as if it had come in time', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>()
    const seen = follow(await client.numbers())
    stage.proxy.change({ up: { isStalled: true }, down: { isStalled: true, latencyMs: 5 } })
    const calls = upTo(1000).map((index) => client.add(index))
    source.push(1000)
    await vi.waitFor(() => expect(wire.sent.length).toBeGreaterThan(2))
    stage.proxy.heal()
    expect(await Promise.all(calls)).toEqual(upTo(1000))
    await vi.waitFor(() => expect(seen).toHaveLength(1000))
    expect(seen).toEqual(upTo(1000))
    expect(ran).toEqual(upTo(1000))
    expect(wire.sockets).toHaveLength(1)
  })

  it.each([1, 2, 3, 4, 5])('A9: converges where the answer to its resume is lost %d times in a row', async (times) => {
    await using stage = await openStage(api)
    const { api: client, connection, wire } = stage.invite<Api>()
    const seen = follow(await client.numbers())
    source.push(3)
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    // The server has attached when the first bytes of its answer come: the client never gets the whole of it.
    const cutAfterBytes = (await measureUpgrade(stage)) + 10
    stage.proxy.change({ down: { cutAfterBytes } })
    const { carriedBytes } = stage.proxy.counts.down
    stage.proxy.cut()
    const call = client.add(7)
    source.push(3)
    for (let attempt = 1; attempt <= times; attempt++) {
      await vi.waitUntil(() => connection.state.name === 'waiting', { interval: 1 })
      connection.connect()
      await vi.waitFor(() => expect(wire.said('resume')).toHaveLength(attempt), { interval: 1 })
    }
    await vi.waitUntil(() => connection.state.name === 'waiting', { interval: 1 })
    expect(stage.proxy.counts.down.carriedBytes - carriedBytes).toBe(times * cutAfterBytes)
    stage.proxy.heal()
    connection.connect()
    expect(await call).toBe(7)
    await vi.waitFor(() => expect(seen).toHaveLength(6))
    expect(seen).toEqual(upTo(6))
    expect(ran).toEqual([7])
    expect(wire.heard('refused')).toEqual([])
    expect(wire.heard('welcome')).toHaveLength(1)
    expect(connection.state.name).toBe('open')
  })

  it.each([1, 2, 3, 4, 5])('A9: runs a call once where the welcome is lost %d times in a row', async (times) => {
    await using stage = await openStage(api)
    const { api: client, connection, wire } = stage.invite<Api>()
    stage.proxy.change({ down: { cutAfterBytes: (await measureUpgrade(stage)) + 10 } })
    // It goes behind the first hello, and has run before the client knows of a session.
    const call = client.add(7)
    for (let attempt = 1; attempt <= times; attempt++) {
      await vi.waitUntil(() => connection.state.name === 'waiting', { interval: 1 })
      expect(wire.said('hello')).toHaveLength(attempt)
      if (attempt === times) stage.proxy.heal()
      connection.connect()
      await vi.waitUntil(() => connection.state.name !== 'waiting', { interval: 1 })
    }
    expect(await call).toBe(7)
    expect(ran).toEqual([7])
    expect(wire.heard('welcome')).toHaveLength(1)
    expect(await client.add(8)).toBe(8)
  })

  it('A11: takes no notice of what the socket before says and how it ends, once another carries it', async () => {
    // A session that took its old connection's end for its own would be over before that end has even come.
    await using stage = await openStage(api, { limits: { graceMs: 300 } })
    const { api: client, connection, wire } = stage.invite<Api>({ isHasty: true })
    const seen = follow(await client.numbers())
    source.push(1)
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    // What the old socket says, and its end, are half a second on their way; the new one overtakes them.
    stage.proxy.change({ up: { latencyMs: 500 } })
    const { carriedBytes } = stage.proxy.counts.up
    const sent = wire.sent.length
    const call = client.add(1)
    await vi.waitFor(() => expect(wire.sent.length).toBeGreaterThan(sent), { interval: 1 })
    wire.socket.terminate()
    stage.proxy.heal()
    expect(await call).toBe(1)
    expect(wire.sockets).toHaveLength(2)
    const { socket } = wire
    await vi.waitFor(() => expect(stage.proxy.counts.open).toBe(1), { timeout: 3_000 })
    expect(stage.proxy.counts.up.carriedBytes + stage.proxy.counts.up.lostBytes).toBeGreaterThan(carriedBytes)
    source.push(1)
    await vi.waitFor(() => expect(seen).toEqual([0, 1]))
    expect(await client.add(2)).toBe(2)
    expect(ran).toEqual([1, 2])
    expect(wire.socket).toBe(socket)
    expect(connection.state.name).toBe('open')
    expect(stage.server.size).toBe(1)
  })

  it('A21: loses no number where its socket throws as it sends, on either side', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(0)
    for (let index = 1; index <= 10; index++) {
      wire.refusals = 1
      expect(await client.add(index)).toBe(index)
    }
    let refusals = 0
    const { write } = Socket.prototype
    vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...written: unknown[]): boolean {
      // Only the server's sockets: the client and the proxy have theirs in this process, too.
      const isOfServer = this.localPort === stage.server.port
      if (isOfServer && refusals-- > 0) throw new Error('This socket takes nothing.')
      return Reflect.apply(write, this, written)
    })
    try {
      for (let index = 11; index <= 20; index++) {
        refusals = 1
        expect(await client.add(index)).toBe(index)
      }
    } finally {
      vi.restoreAllMocks()
    }
    expect(ran).toEqual(upTo(21))
    expect(wire.heard('welcome')).toHaveLength(1)
    expect(wire.heard('resumed').length).toBeGreaterThanOrEqual(20)
  })

  it('A23: resumes 300 times without traffic, each time with the next generation, and grows by nothing', async () => {
    await using stage = await openStage(api)
    const { api: client, connection, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(0)
    for (let cycle = 1; cycle <= 300; cycle++) {
      wire.socket.terminate()
      await vi.waitFor(() => expect(wire.heard('resumed').length).toBe(cycle), { interval: 1 })
      await vi.waitFor(() => expect(connection.state.name).toBe('open'), { interval: 1 })
    }
    const generations = wire
      .said('resume')
      .map((frame) => (JSON.parse(frame) as [string, { generation: number }])[1].generation)
    expect(generations).toEqual(Array.from({ length: 300 }, (_, index) => index + 2))
    await vi.waitFor(() => expect(stage.server.size).toBe(1))
    await vi.waitFor(() => expect(stage.proxy.counts.open).toBe(1))
    expect(await client.add(1)).toBe(1)
  })

  it('A27: resumes before anything was called', async () => {
    await using stage = await openStage(api)
    const { api: client, connection, wire } = stage.invite<Api>({ isHasty: true })
    connection.connect()
    await vi.waitFor(() => expect(connection.state.name).toBe('open'))
    stage.proxy.cut()
    await vi.waitFor(() => expect(wire.heard('resumed')).toHaveLength(1))
    expect(await client.add(1)).toBe(1)
    expect(wire.heard('welcome')).toHaveLength(1)
  })

  it('A28: hands no event over twice across two resumes in a row without traffic', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    const seen = follow(await client.numbers())
    source.push(5)
    await vi.waitFor(() => expect(seen).toHaveLength(5))
    for (const resumes of [1, 2]) {
      wire.socket.terminate()
      await vi.waitFor(() => expect(wire.heard('resumed')).toHaveLength(resumes))
    }
    source.push(1)
    await vi.waitFor(() => expect(seen).toHaveLength(6))
    expect(seen).toEqual(upTo(6))
  })
})

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Collects what a stream hands over. */
function follow(stream: { on(observer: { next(item: number): void }): unknown }): number[] {
  const seen: number[] = []
  stream.on({ next: (item) => seen.push(item) })
  return seen
}

/** Bytes of the server's answer to the upgrade: it says nothing more before hello. */
async function measureUpgrade({ proxy }: Awaited<ReturnType<typeof openStage>>): Promise<number> {
  const { carriedBytes } = proxy.counts.down
  await using _stranger = await Stranger.arrive(proxy.port)
  return proxy.counts.down.carriedBytes - carriedBytes
}
