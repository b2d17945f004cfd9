import { type Environment, parseFrame, type Socket } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { ClientConnection } from './client-connection.ts'
import { settings } from './options.ts'
import type { OpenListener } from './web-socket.ts'

/** A world in which time passes when told, and each socket that the client opens is in the test's hands. */
class World implements Environment {
  readonly sockets: (OpenListener & { readonly sent: string[]; isAborted: boolean; throws: boolean })[] = []
  #now = 0
  #timers: { at: number; callback: () => void }[] = []
  #deferred: (() => void)[] = []

  now = () => this.#now
  random = () => 0.5
  newId = (characters: number) => 'x'.repeat(characters)
  defer = (callback: () => void) => void this.#deferred.push(callback)

  setTimer = (callback: () => void, delayMs: number) => {
    const timer = { at: this.#now + delayMs, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  openSocket = (listener: OpenListener): Socket => {
    const socket = { ...listener, sent: [] as string[], isAborted: false, throws: false }
    this.sockets.push(socket)
    return {
      bufferedBytes: 0,
      send: (frame) => {
        if (socket.throws) throw new Error('The socket refuses a frame.')
        socket.sent.push(frame)
      },
      close: () => {},
      abort: () => {
        socket.isAborted = true
      },
      pauseReading: () => {},
    }
  }

  /** Lets promises settle, runs what was deferred, and lets `ms` pass. */
  async pass(ms = 0): Promise<void> {
    await new Promise(setImmediate)
    for (const callback of this.#deferred.splice(0)) callback()
    this.#now += ms
    const due = this.#timers.filter(({ at }) => at <= this.#now)
    this.#timers = this.#timers.filter(({ at }) => at > this.#now)
    for (const { callback } of due) callback()
    await new Promise(setImmediate)
    for (const callback of this.#deferred.splice(0)) callback()
  }
}

const WELCOME = JSON.stringify([
  'welcome',
  {
    version: 1,
    session: 's1',
    secret: 'secret',
    graceMs: 120_000,
    received: 0,
    node: 'n1',
    contract: 'c1',
    heartbeatMs: 25_000,
    timeoutMs: 30_000,
  },
])

function connect() {
  const world = new World()
  const client = new ClientConnection(settings({}, world.openSocket, world))
  return { world, client }
}

describe('a client whose welcome was lost', () => {
  test('sends its calls again only marked, since a process that is gone may have run them', async () => {
    const { world, client } = connect()
    client.call('orders.place', { id: 1 }, undefined).catch(() => {})
    await world.pass()
    world.sockets[0]?.opened()
    expect(world.sockets[0]?.sent.map((frame) => parseFrame(frame)[0])).toEqual(['hello', 1])
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[1]?.opened()
    await world.pass()
    expect(world.sockets[1]?.sent.map((frame) => parseFrame(frame)[0])).toEqual(['hello'])
    world.sockets[1]?.message(WELCOME)
    await world.pass()
    expect(world.sockets[1]?.sent.at(-1)).toBe('[1,0,["call",1,"orders.place",{"id":1},{"timeoutMs":29000,"again":1}]]')
    client.close()
  })

  test('still ends its calls by their deadline', async () => {
    const { world, client } = connect()
    const call = client.call('orders.place', { id: 1 }, { timeoutMs: 500 })
    await world.pass()
    world.sockets[0]?.opened()
    world.sockets[0]?.message('["refused",{"code":"INTERNAL","message":"The server failed."}]')
    world.sockets[0]?.closed(1011, '')
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'TIMEOUT' }), world.pass(500)])
    client.close()
  })
})

describe('a client whose socket refuses the frame behind a welcome', () => {
  test('gives the socket up and connects again', async () => {
    const { world, client } = connect()
    client.connect()
    await world.pass()
    const [socket] = world.sockets
    socket?.opened()
    if (socket !== undefined) socket.throws = true
    socket?.message(WELCOME)
    expect(socket?.isAborted).toBe(true)
    expect(client.state.name).toBe('waiting')
    client.close()
  })
})

describe('a client that leaves a server which goes away', () => {
  test('begins no other session on the line that it leaves: what waits there goes where the others went', async () => {
    const { world, client } = connect()
    client.call('orders.find', { id: 1 }, undefined).catch(() => {})
    await world.pass()
    world.sockets[0]?.opened()
    world.sockets[0]?.message(WELCOME)
    await world.pass()
    world.sockets[0]?.message('["goaway",{"delayMs":0,"deadlineMs":5000}]')
    await world.pass(1)
    world.sockets[1]?.opened()
    world.sockets[1]?.message(WELCOME)
    await world.pass()
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[2]?.opened()
    world.sockets[2]?.message('["refused",{"code":"SESSION_LOST","message":"It is gone."}]')
    await world.pass()
    const words = (index: number) => world.sockets[index]?.sent.map((frame) => parseFrame(frame)[0])
    expect(words(2)).toEqual(['resume', 1, 'bye'])
    expect(world.sockets[1]?.sent.at(-1)).toContain('"orders.find",{"id":1},{"timeoutMs":28999,"again":1}')
    client.close()
  })
})
