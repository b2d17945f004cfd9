import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { hotline, type Infer, type Server, serve, tracked } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type Guest, newGuest } from '../real-sockets/fixture/stage.ts'

const NODES = 3
const ROUNDS = 10
const CLIENTS = 6

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

const h = hotline<object>()

function routerOf(ran: Map<string, number>) {
  return h.router({
    add: h.input(z.string()).mutation(async ({ input }) => {
      ran.set(input, (ran.get(input) ?? 0) + 1)
      await setTimeout(2)
      return input
    }),
    numbers: h.subscription(async function* ({ lastEventId = '0', signal }) {
      yield tracked.start(lastEventId)
      for (let number = Number(lastEventId) + 1; !signal.aborted; number++) {
        yield tracked(String(number), number)
        await setTimeout(5)
      }
    }),
  })
}
interface Api extends Infer<ReturnType<typeof routerOf>> {}

/** Sends each new connection to the next of the ports in turn. */
class TurnTaker implements AsyncDisposable {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#join(socket))
  readonly #ports: number[]
  #turn = 0

  private constructor(ports: number[]) {
    this.#ports = ports
  }

  /** `ports` may change later. */
  static async of(ports: number[]): Promise<TurnTaker> {
    const taker = new TurnTaker(ports)
    taker.#server.listen(0, '127.0.0.1')
    await once(taker.#server, 'listening')
    return taker
  }

  get port(): number {
    // A server that listens on TCP has an address with a port.
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(socket: Socket): void {
    const up = connect(this.#ports[this.#turn++ % this.#ports.length] ?? 0, '127.0.0.1')
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.pipe(up).pipe(socket)
    socket.on('error', () => up.destroy())
    up.on('error', () => socket.destroy())
  }
}

describe(`${NODES} servers that are replaced one by one, ${ROUNDS} times over`, { timeout: 60_000 }, () => {
  it('G4: run each call once, fail none, and keep streams whole', async () => {
    const ran = new Map<string, number>()
    const start = () => serve(routerOf(ran), { port: 0, host: '127.0.0.1', logger: SILENT })
    const servers: Server[] = []
    for (let node = 0; node < NODES; node++) servers.push(await start())
    const ports = servers.map(({ port = 0 }) => port)
    await using balancer = await TurnTaker.of(ports)
    const guests = Array.from({ length: CLIENTS }, () => newGuest<Api>(balancer.port))
    const stop = new AbortController()
    const working = guests.map((guest, index) => work(guest, `client ${index}`, stop.signal))
    await expect.poll(() => servers.reduce((sum, { size }) => sum + size, 0)).toBe(CLIENTS)
    for (let replaced = 0; replaced < NODES * ROUNDS; replaced++) {
      const callsBefore = ran.size
      await expect.poll(() => ran.size, { interval: 5 }).toBeGreaterThan(callsBefore + 10 * CLIENTS)
      const node = replaced % NODES
      const old = servers[node] as Server // one per node
      const next = await start()
      servers[node] = next
      ports[node] = next.port ?? 0
      await old.drain({ windowMs: 20, deadlineMs: 20_000 })
    }
    stop.abort()
    const works = await Promise.all(working)
    for (const { connection } of guests) connection.close()
    await Promise.all(servers.map((server) => server.close()))
    for (const { calls, heard, words } of works) {
      expect(calls).toBeGreaterThan(NODES * ROUNDS)
      expect(words).not.toContain('gap')
      expect(words.length).toBeGreaterThan(0)
      expect(heard).toEqual(heard.map((_, index) => index + 1))
    }
    expect([...ran.values()].filter((runs) => runs !== 1)).toEqual([])
    expect(ran.size).toBe(works.reduce((sum, { calls }) => sum + calls, 0))
  })
})

/** Calls one thing after the other and follows a stream, until it is told to stop. A call that fails throws. */
async function work({ api }: Guest<Api>, name: string, signal: AbortSignal) {
  const heard: number[] = []
  const words: string[] = []
  const stream = await api.numbers()
  stream.on({ next: (item) => heard.push(item), gap: () => words.push('gap'), resumed: () => words.push('resumed') })
  let calls = 0
  while (!signal.aborted) {
    const call = `${name}, call ${calls++}`
    expect(await api.add(call)).toBe(call)
  }
  return { calls, heard, words }
}
