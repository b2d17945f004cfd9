import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { HotlineError, hotline, type Infer, serve } from '@hotline/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import * as z from 'zod'
import { expectNothingLeft, resources } from './fixture/nothing-left.ts'
import { type Guest, newGuest, openStage } from './fixture/stage.ts'

const h = hotline<object>()
const ran: number[] = []
const api = h.router({
  add: h.input(z.number()).mutation(({ input }) => {
    ran.push(input)
    return input
  }),
})
interface Api extends Infer<typeof api> {}

let before: string[]

beforeEach(() => {
  ran.length = 0
  before = resources()
})

afterEach(() => expectNothingLeft(before))

describe('a client on real sockets', () => {
  it('B3: sends calls made while its server was down once, and in order, when it is up', async () => {
    const first = await serve(api, { port: 0 })
    // A server that listens has a port; nobody does once it is closed.
    const port = first.port as number
    await first.close()
    const { api: client, connection, states } = newGuest<Api>(port, { isHasty: false })
    const calls = Array.from({ length: 10 }, (_, index) => client.add(index))
    await vi.waitFor(() => expect(states.filter((name) => name === 'waiting')).toHaveLength(2), { timeout: 3_000 })
    await using _server = await serve(api, { port })
    connection.connect()
    expect(await Promise.all(calls)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    connection.close()
  })

  it('B3: tells a call that is late for want of a server where none was, and what came instead', async () => {
    const server = await serve(api, { port: 0 })
    // A server that listens has a port; nobody does once it is closed.
    const port = server.port as number
    await server.close()
    const { api: client, connection } = newGuest<Api>(port, { timeoutMs: 200 })
    const why = `ws://127.0.0.1:${port}/rpc did not open (connect ECONNREFUSED 127.0.0.1:${port}): is the server there`
    await expect(client.add(1)).rejects.toMatchObject({
      code: 'TIMEOUT',
      mayHaveRun: false,
      message: expect.stringContaining(`There was no connection in time. ${why}`),
    })
    connection.close()
  })

  it('B5: carries a call made while its socket is closing over the next one', async () => {
    await using stage = await openStage(api)
    const { api: client, wire } = stage.invite<Api>({ isHasty: true })
    await client.add(0)
    wire.socket.close(4000)
    expect(await client.add(1)).toBe(1)
    expect(ran).toEqual([0, 1])
    expect(wire.heard('resumed')).toHaveLength(1)
  })

  it('B6: waits longer and longer where a server takes its socket and closes it at once', async () => {
    await using crowd = await closingServer((socket) => socket.close(1008))
    const { connection } = newGuest<Api>(crowd.port)
    const waits: number[] = []
    connection.subscribe(() => {
      const { state } = connection
      if (state.name === 'waiting') waits.push(state.retryAt - Date.now())
    })
    connection.connect()
    await vi.waitFor(() => expect(waits).toHaveLength(4), { timeout: 5_000 })
    // One socket for each wait, and each wait jittered up to a bound that doubles.
    expect(crowd.count()).toBe(4)
    for (const [attempt, waitMs] of waits.entries()) expect(waitMs).toBeLessThanOrEqual(500 * 2 ** attempt + 1)
    connection.close()
  })

  it('B6: asks for credentials once more where they are refused, then waits to be told', async () => {
    let asked = 0
    await using stage = await openStage(api, {
      authenticate: () => {
        throw new HotlineError('UNAUTHORIZED', undefined)
      },
    })
    const { api: client, connection, states } = stage.invite<Api>({ auth: () => ++asked, isHasty: true })
    await expect(client.add(1)).rejects.toMatchObject({ code: 'UNAUTHORIZED', mayHaveRun: false })
    expect(connection.state.name).toBe('unauthenticated')
    expect(states.filter((name) => name === 'connecting')).toHaveLength(2)
    expect(asked).toBe(2)
    await expect(client.add(1)).rejects.toMatchObject({ code: 'UNAUTHORIZED', mayHaveRun: false })
    expect(stage.proxy.counts.accepted).toBe(2)
  })

  it.each([
    [1000, 'waiting'],
    [1001, 'waiting'],
    [1008, 'waiting'],
    [1011, 'waiting'],
    [1012, 'waiting'],
    [1013, 'waiting'],
    [3000, 'waiting'],
    [4000, 'waiting'],
    [4301, 'waiting'],
    [4308, 'waiting'],
    [4309, 'waiting'],
    [4399, 'waiting'],
    [4400, 'closed'],
    [4403, 'closed'],
    [4426, 'closed'],
    [4499, 'closed'],
    [4500, 'waiting'],
    [4999, 'waiting'],
  ])('B9: after close code %d is %s', async (code, state) => {
    await using crowd = await closingServer((socket) => socket.close(code))
    const { connection } = newGuest<Api>(crowd.port)
    connection.connect()
    await vi.waitFor(() => expect(connection.state.name).toBe(state), { interval: 1 })
    connection.close()
  })

  it('B9: says that nothing ran where somebody is told not to come back', async () => {
    await using stage = await openStage(api, {
      authenticate: () => {
        throw new HotlineError('FORBIDDEN', undefined)
      },
    })
    const { api: client, connection } = stage.invite<Api>()
    await expect(client.add(1)).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false })
    expect(connection.state.name).toBe('closed')
    expect(ran).toEqual([])
  })

  it('B15: connects and closes 300 times as fast as it can, and leaves nothing behind', async () => {
    await using stage = await openStage(api)
    const listeners = process.eventNames().length
    for (let cycle = 0; cycle < 300; cycle++) {
      const { api: client, connection, wire } = newGuest<Api>(stage.proxy.port)
      // Every third is closed while it connects, every third while a call is out.
      if (cycle % 3 === 0) connection.connect()
      const call = cycle % 3 === 0 ? undefined : client.add(cycle).catch((error) => error)
      if (cycle % 3 === 1) await call
      if (cycle % 3 === 2) await vi.waitFor(() => expect(wire.sent.length).toBeGreaterThan(0), { interval: 1 })
      connection.close()
      await call
    }
    await vi.waitFor(() => expect(stage.server.size).toBe(0))
    await vi.waitFor(() => expect(stage.proxy.counts.open).toBe(0))
    expect(process.eventNames().length).toBe(listeners)
    // What is left is the stage: the proxy, the server and its HTTP timer.
    await expectNothingLeft([...before, 'TCPServerWrap', 'TCPServerWrap'])
  })

  it('B17: 200 clients are all back after a restart on the same port, and not all at once', async () => {
    const first = await serve(api, { port: 0 })
    // A server that listens has a port.
    const port = first.port as number
    const guests: Guest<Api>[] = Array.from({ length: 200 }, () => newGuest<Api>(port))
    await Promise.all(guests.map(({ api: client }, index) => client.add(index)))
    const waits: number[] = []
    for (const { connection } of guests) {
      const undo = connection.subscribe(() => {
        if (connection.state.name === 'waiting') waits.push(connection.state.retryAt - Date.now())
        undo()
      })
    }
    await first.close()
    await vi.waitFor(() => expect(waits).toHaveLength(200))
    await using second = await serve(api, { port })
    await Promise.all(guests.map(({ api: client }, index) => client.add(200 + index)))
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, index) => index))
    expect(second.size).toBe(200)
    // Full jitter over half a second: none of its ten parts has more than a third of them.
    for (let from = 0; from < 500; from += 50) {
      expect(waits.filter((waitMs) => waitMs >= from && waitMs < from + 50).length).toBeLessThan(67)
    }
    for (const { connection } of guests) connection.close()
  })
})

interface ClosingServer extends AsyncDisposable {
  readonly port: number
  /** Sockets that it took. */
  count(): number
}

/** Opens every WebSocket, and does with it what the test says. */
async function closingServer(take: (socket: WebSocket) => void): Promise<ClosingServer> {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'hotline.v1' })
  let count = 0
  server.on('connection', (socket) => {
    count++
    take(socket)
  })
  await once(server, 'listening')
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    count: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
