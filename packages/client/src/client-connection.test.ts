import { hotline, type Stream } from '@hotline/core'
import { type Environment, readFrame, type Socket } from '@hotline/core/internal'
import { describe, expect, test, vi } from 'vitest'
import { ClientConnection } from './client-connection.ts'
import { clientHandlers } from './client-handlers.ts'
import { welcomeFrame } from './fixture/welcome.ts'
import { settings } from './options.ts'
import type { OpenListener } from './web-socket.ts'

/** A world in which time passes when told, and each socket that the client opens is in the test's hands. */
class World implements Environment {
  readonly sockets: (OpenListener & { readonly sent: (string | Uint8Array)[]; isAborted: boolean; throws: boolean })[] =
    []
  #now = 0
  #timers: { at: number; callback: () => void }[] = []
  #deferred: (() => void)[] = []

  get timers(): number {
    return this.#timers.length
  }

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
    const socket = { ...listener, sent: [] as (string | Uint8Array)[], isAborted: false, throws: false }
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

function connect(options: Parameters<typeof settings>[0] = {}) {
  const world = new World()
  const client = new ClientConnection(settings(options, world.openSocket, world))
  return { world, client }
}

/** A client that is connected, and serves handlers. */
async function serving(options: Parameters<typeof settings>[0] = {}) {
  const reasons: unknown[] = []
  let answer = () => {}
  const h = hotline<object>()
  const handlers = h.router({
    ring: h.query(({ ctx }) => ctx),
    wait: h.mutation(({ signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason.code))
      return new Promise<void>((resolve) => {
        answer = resolve
      })
    }),
    broken: h.query((): string => {
      throw new Error('broken')
    }),
  })
  const { world, client } = connect({ handlers: clientHandlers(handlers), ...options })
  client.connect()
  await world.pass()
  world.sockets[0]?.opened()
  world.sockets[0]?.message(welcomeFrame())
  await world.pass()
  return { world, client, reasons, answer: () => answer(), say: (frame: string) => world.sockets[0]?.message(frame) }
}

describe('a client whose welcome was lost', () => {
  test('sends its calls again only marked, since a process that is gone may have run them', async () => {
    const { world, client } = connect()
    client.call('orders.place', { id: 1 }, undefined).catch(() => {})
    await world.pass()
    world.sockets[0]?.opened()
    expect(world.sockets[0]?.sent.map((frame) => readFrame(frame)[0])).toEqual(['hello', 1])
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[1]?.opened()
    await world.pass()
    expect(world.sockets[1]?.sent.map((frame) => readFrame(frame)[0])).toEqual(['hello'])
    world.sockets[1]?.message(welcomeFrame())
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

describe('a client that finds no server', () => {
  test('tells callers where to look when its own words come back, and that nothing has run', async () => {
    const { world, client } = connect()
    const call = client.call('orders.place', { id: 1 }, undefined)
    await world.pass()
    const [socket] = world.sockets
    socket?.opened()
    expect(socket?.sent.map((frame) => readFrame(frame)[0])).toEqual(['hello', 1])
    socket?.message(socket.sent[0] ?? '')
    const message = expect.stringMatching(/^No Hotline server answered: is the path of "url" right\? /)
    await expect(call).rejects.toMatchObject({ code: 'NOT_SENT', message, mayHaveRun: false })
    await expect(client.call('orders.place', { id: 2 }, undefined)).rejects.toMatchObject({ code: 'CLOSED', message })
  })

  test('leaves open whether a call has run where a welcome could not be read', async () => {
    const { world, client } = connect()
    const call = client.call('orders.place', { id: 1 }, undefined)
    await world.pass()
    world.sockets[0]?.opened()
    world.sockets[0]?.message('["welcome",{}]')
    await expect(call).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
  })

  test('leaves open whether a call has run that an earlier server may have had', async () => {
    const { world, client } = connect()
    const call = client.call('orders.place', { id: 1 }, undefined)
    await world.pass()
    world.sockets[0]?.opened()
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[1]?.opened()
    world.sockets[1]?.message(world.sockets[1].sent[0] ?? '')
    await expect(call).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
  })

  test('tells callers why their time was up, as its state does', async () => {
    const { world, client } = connect()
    const call = client.call('orders.place', { id: 1 }, { timeoutMs: 500 })
    await world.pass()
    world.sockets[0]?.closed(1006, 'ws://localhost:1/rpc did not open')
    const error = { code: 'TIMEOUT', message: 'There was no connection in time. ws://localhost:1/rpc did not open' }
    await Promise.all([expect(call).rejects.toMatchObject(error), world.pass(500)])
    client.close()
  })
})

describe('a client that comes back again and again', () => {
  test('counts its attempts from 0 only once something was acknowledged', async () => {
    const { world, client } = connect()
    const attempts: unknown[] = []
    /** On the next connection, which is lost when the server has said all this. */
    const comeBack = async (...says: string[]) => {
      await world.pass(2_000)
      const socket = world.sockets.at(-1)
      socket?.opened()
      for (const frame of says) {
        socket?.message(frame)
        await world.pass()
      }
      socket?.closed(1006, '')
      attempts.push(client.state.name === 'waiting' ? client.state.attempt : client.state.name)
    }
    client.call('news', undefined, { timeoutMs: 600_000 }).catch(() => {})
    const resumed = '["resumed",{"secret":"another","received":0}]'
    await comeBack(welcomeFrame())
    await comeBack(resumed)
    await comeBack(resumed, '["ack",1]')
    expect(attempts).toEqual([1, 2, 1])
    client.close()
  })
})

describe('a client whose socket refuses the frame behind the answer to a resume', () => {
  test('gives the socket up and connects again', async () => {
    const { world, client } = connect()
    client.connect()
    await world.pass()
    world.sockets[0]?.opened()
    world.sockets[0]?.message(welcomeFrame())
    world.sockets[0]?.closed(1006, '')
    await world.pass(2_000)
    const socket = world.sockets[1]
    socket?.opened()
    if (socket !== undefined) socket.throws = true
    socket?.message('["resumed",{"secret":"another","received":0}]')
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
    world.sockets[0]?.message(welcomeFrame())
    await world.pass()
    world.sockets[0]?.message('["goaway",{"delayMs":0,"deadlineMs":5000}]')
    await world.pass(1)
    world.sockets[1]?.opened()
    world.sockets[1]?.message(welcomeFrame())
    await world.pass()
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[2]?.opened()
    world.sockets[2]?.message('["refused",{"code":"SESSION_LOST","message":"It is gone."}]')
    await world.pass()
    const words = (index: number) => world.sockets[index]?.sent.map((frame) => readFrame(frame)[0])
    expect(words(2)).toEqual(['resume', 1, 'bye'])
    expect(world.sockets[1]?.sent.at(-1)).toContain('"orders.find",{"id":1},{"timeoutMs":28999,"again":1}')
    client.close()
  })
})

describe('a client that serves handlers', () => {
  test('gives a call that states no deadline the one of `welcome`', async () => {
    const { world, client, reasons, say } = await serving({ timeoutMs: 1_000 })
    say('[1,0,["call",2,"wait"]]')
    await world.pass(29_999)
    expect(reasons).toEqual([])
    await world.pass(1)
    expect(reasons).toEqual(['TIMEOUT'])
    client.close()
  })

  test('aborts them when it is closed, and leaves no timer behind', async () => {
    const { world, client, reasons, say } = await serving()
    say('[1,0,["call",2,"wait"]]')
    client.close()
    await world.pass()
    expect(reasons).toEqual(['SESSION_LOST'])
    expect(world.timers).toBe(0)
  })

  test("gives them an empty context, and refuses ids that are not a server's", async () => {
    const { world, client, say } = await serving()
    say('[1,0,["call",2,"ring"]]')
    await world.pass()
    expect(world.sockets[0]?.sent.at(-1)).toBe('[1,1,["result",2,{}]]')
    say('[2,1,["call",3,"ring"]]')
    expect(client.state.name).toBe('closed')
  })

  test("refuses handlers that can't be served", () => {
    expect(() => clientHandlers({ toJSON: hotline<object>().query(() => 1) })).toThrow('"toJSON"')
  })

  test('tells the console of a failure where it has no `onError`, as a server does', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { world, client, say } = await serving()
    say('[1,0,["call",2,"broken"]]')
    await world.pass()
    expect(error.mock.calls).toEqual([['hotline: "broken" failed (xxxxxxxxxxxxxxxx)', new Error('broken')]])
    error.mockRestore()
    client.close()
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('from onError')
      },
    ],
    ['rejects', () => Promise.reject(new Error('from onError'))],
  ])('tells the console of an `onError` that %s: it ended the process', async (_, onError) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { world, client, say } = await serving({ onError })
    say('[1,0,["call",2,"broken"]]')
    await world.pass()
    expect(error.mock.calls).toEqual([
      ['hotline: "onError" failed', new Error('from onError')],
      ['hotline: "broken" failed (xxxxxxxxxxxxxxxx)', new Error('broken')],
    ])
    error.mockRestore()
    client.close()
  })

  test('keeps the line to a server that goes away until that has the answers of its calls', async () => {
    const { world, client, reasons, answer, say } = await serving()
    say('[1,0,["call",2,"wait"]]')
    say('["goaway",{"delayMs":0,"deadlineMs":5000}]')
    await world.pass(1)
    world.sockets[1]?.opened()
    world.sockets[1]?.message(welcomeFrame())
    await world.pass()
    const words = () => world.sockets[0]?.sent.slice(1).map((frame) => readFrame(frame)[0])
    expect(words()).toEqual([])
    // The new line serves too, meanwhile.
    world.sockets[1]?.message('[1,0,["call",2,"ring"]]')
    await world.pass()
    expect(world.sockets[1]?.sent.at(-1)).toBe('[1,1,["result",2,{}]]')
    answer()
    await world.pass()
    expect(words()).toEqual([1])
    say('["ack",1]')
    expect(words()).toEqual([1, 'bye'])
    expect(reasons).toEqual([])
    client.close()
  })

  test.each([
    ['to be written', ['[1,1,["call",2,"ring"],["result",1,"placed"]]']],
    ['to be acknowledged', ['[1,1,["call",2,"ring"]]', '[2,1,["result",1,"placed"]]']],
  ])('says goodbye only when no answer of its own waits %s', async (_, frames) => {
    const { world, client, say } = await serving()
    const call = client.call('orders.place', 1, undefined)
    await world.pass()
    say('["goaway",{"delayMs":0,"deadlineMs":5000}]')
    await world.pass(1)
    world.sockets[1]?.opened()
    world.sockets[1]?.message(welcomeFrame())
    await world.pass()
    for (const frame of frames) {
      say(frame)
      await world.pass()
    }
    expect(await call).toBe('placed')
    const last = () => world.sockets[0]?.sent.at(-1)
    expect(last()).toContain('["result",2,{}]')
    say('["ack",2]')
    expect(last()).toBe('["bye"]')
    client.close()
  })
})

describe('a client whose servers all go away and end nothing', () => {
  test('X34: keeps no more than a few lines, and stays on the last', async () => {
    const h = hotline<object>()
    const handlers = h.router({ wait: h.mutation(() => new Promise<void>(() => {})) })
    const { world, client } = connect({ handlers: clientHandlers(handlers) })
    client.connect()
    for (let round = 0; round < 60; round++) {
      await world.pass(1_000)
      for (const socket of world.sockets) {
        if (socket.sent.length === 0) {
          socket.opened()
          socket.message(welcomeFrame())
          socket.message('[1,0,["call",2,"wait"]]')
        }
        socket.message('["goaway",{"delayMs":0,"deadlineMs":0}]')
        socket.message('["ping"]')
      }
    }
    expect(world.sockets.filter(({ isAborted }) => !isAborted)).toHaveLength(5)
    expect(client.state).toEqual({ name: 'open' })
    client.close()
    await world.pass(1)
    expect(world.timers).toBe(0)
  })
})

/** A client that is connected, and how to make its next connection. */
async function open(options: Parameters<typeof settings>[0] = {}) {
  const { world, client } = connect(options)
  client.connect()
  await world.pass()
  const welcome = (index: number) => {
    world.sockets[index]?.opened()
    world.sockets[index]?.message(welcomeFrame())
  }
  welcome(0)
  await world.pass()
  return { world, client, welcome, say: (frame: string) => world.sockets[0]?.message(frame) }
}

describe('a client that the application closes while it is being told something', () => {
  test('ends the call that asked for `auth`', async () => {
    const { world, client } = connect({ auth: () => client.close() })
    const call = client.call('orders.find', 1, undefined)
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'CLOSED', mayHaveRun: false }), world.pass(1)])
    expect(world.timers).toBe(0)
  })

  test('ends the call whose signal `auth` aborts, and sends nothing of it', async () => {
    const abort = new AbortController()
    const { world, client } = connect({ auth: () => abort.abort() })
    const call = client.call('orders.find', 1, { signal: abort.signal })
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'CANCELLED' }), world.pass()])
    world.sockets[0]?.opened()
    expect(world.sockets[0]?.sent).toHaveLength(1)
    client.close()
  })

  test('ends every stream, also where the first of them tells of a lost session', async () => {
    const { world, client, say } = await open()
    const items = (async function* () {
      yield 1
      await new Promise(() => {})
    })()
    const chat = client.call('chat', undefined, { items } as object) as Promise<Stream<unknown>>
    const news = client.call('news', undefined, undefined) as Promise<Stream<unknown>>
    await world.pass()
    say('[1,2,["stream",1],["credit",1,32768],["stream",3]]')
    ;(await chat).on({ error: () => client.close() })
    const next = (await news)[Symbol.asyncIterator]().next()
    await world.pass()
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[1]?.opened()
    const isLost = world.pass().then(() => {
      world.sockets[1]?.message('["refused",{"code":"SESSION_LOST","message":"It is gone."}]')
    })
    await Promise.all([expect(next).rejects.toMatchObject({ code: 'CLOSED' }), isLost])
  })
})

describe('a client that is sent away while it moves to another line', () => {
  /** A stream that moves and a call that can't, when the server that they go to has closed with this. */
  async function moving(...closes: readonly [index: number, code: number][]) {
    const opened = await open()
    const { world, client, welcome, say } = opened
    const news = client.call('news', undefined, undefined) as Promise<Stream<unknown>>
    const order = client.call('orders.place', 1, { timeoutMs: 600_000 })
    order.catch(() => {})
    await world.pass()
    say('[1,2,["stream",1],["item",1,1,"first",{"eventId":"e1"}]]')
    const items = (await news)[Symbol.asyncIterator]()
    await items.next()
    const next = items.next()
    say('["goaway",{"delayMs":0,"deadlineMs":50000}]')
    await world.pass(1)
    welcome(1)
    for (const [index, code] of closes) {
      await world.pass(1_000)
      world.sockets[index]?.opened()
      world.sockets[index]?.closed(code, 'Stay away.')
    }
    return { ...opened, next, order }
  }

  test('ends the stream that goes on nowhere', async () => {
    const { client, next, say } = await moving([1, 4400])
    const isEnded = expect(next).rejects.toMatchObject({ code: 'SESSION_LOST', mayHaveRun: true })
    say('[3,3,["error",1,{"code":"CANCELLED","message":"Cancelled."}]]')
    await isEnded
    expect(client.state).toMatchObject({ name: 'closed' })
    client.close()
  })

  test('ends it too where its credentials were refused', async () => {
    const { client, next, say } = await moving([1, 4301], [2, 4301])
    const isEnded = expect(next).rejects.toMatchObject({ code: 'SESSION_LOST' })
    say('[3,3,["error",1,{"code":"CANCELLED","message":"Cancelled."}]]')
    await isEnded
    expect(client.state).toMatchObject({ name: 'unauthenticated' })
    client.close()
  })

  test('ends the call whose session the old server has lost', async () => {
    const { world, client, next, order } = await moving([1, 4400])
    next.catch(() => {})
    world.sockets[0]?.closed(1006, '')
    await world.pass(1_000)
    world.sockets[2]?.opened()
    const isEnded = expect(order).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    world.sockets[2]?.message('["refused",{"code":"SESSION_LOST","message":"It is gone."}]')
    await isEnded
    client.close()
  })

  test.each([
    ['before the other line opens', 1],
    ['before it begins', 0],
  ])('stays away where that was said %s', async (_, delayMs) => {
    const { world, client, welcome, say } = await open()
    say(`["goaway",{"delayMs":${1 - delayMs},"deadlineMs":5000}]`)
    await world.pass(delayMs)
    world.sockets[0]?.closed(4400, 'Stay away.')
    await world.pass(1_000)
    welcome(1)
    await world.pass(1_000)
    expect(client.state).toEqual({ name: 'closed', reason: 'Stay away.' })
    expect(world.timers).toBe(0)
  })
})

describe('a listener', () => {
  test('is a function: the next change would end the program', () => {
    expect(() => connect().client.subscribe(undefined as never)).toThrow('A listener is a function, and not undefined.')
  })
})

describe('a page that comes back', () => {
  test('connects what it has paused, and nothing that nobody has called', async () => {
    const called = await open()
    const idle = connect()
    for (const { client } of [called, idle]) {
      client.pause()
      client.resume()
      await called.world.pass()
    }
    await idle.world.pass()
    expect([called.client.state.name, idle.client.state.name]).toEqual(['connecting', 'idle'])
    called.client.close()
  })
})

describe('a client whose `auth` gives what cannot be sent', () => {
  const loop: unknown[] = []
  loop.push(loop)
  test.each([
    ['a BigInt', 5n, '"auth" failed: Do not know how to serialize a BigInt'],
    ['what refers to itself', loop, '"auth" failed: Converting circular structure'],
    ['a function', () => 'token', '"auth" failed: it gave a function, which JSON has no word for.'],
    ['what servers close for', JSON.parse('{"__proto__":1}'), '"auth" failed: What it gave has the key "__proto__"'],
    ['too much', 'x'.repeat(8 * 1024), '"auth" gave 153 bytes more than a greeting has room for: let it give less.'],
  ])('says so, and asks again later: %s', async (_, auth, reason) => {
    const { world, client } = connect({ auth: () => auth })
    client.connect()
    await world.pass()
    world.sockets[0]?.opened()
    expect(client.state).toMatchObject({ name: 'waiting', reason: expect.stringContaining(reason) })
    expect(world.sockets[0]?.sent ?? []).toEqual([])
    client.close()
  })
})
