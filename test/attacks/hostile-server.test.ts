import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import {
  type ClientOptions,
  clientHandlers,
  connectionOf,
  createClient,
  hotline,
  isHotlineError,
} from '@hotline/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { heldBytes } from '../limits/fixture/heap.ts'
import { expectNothingLeft, resources } from '../real-sockets/fixture/nothing-left.ts'
import { HostileServer, type Visit, welcome } from './fixture/hostile-server.ts'

const MEBIBYTE = 1024 * 1024

interface Api {
  ask(input?: unknown, options?: object): Promise<unknown>
  watch(): Promise<AsyncIterable<unknown>>
}

let before: string[]
/** What would have ended a program. */
const crashes: unknown[] = []
const crashed = (reason: unknown) => void crashes.push(reason)

beforeEach(() => {
  before = resources()
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed)
})

afterEach(async () => {
  await expectNothingLeft(before)
  process.off('uncaughtException', crashed).off('unhandledRejection', crashed)
  expect(crashes.splice(0)).toEqual([])
})

/** A client of a hostile server. */
class Victim implements Disposable {
  readonly api: Api
  readonly connection: ReturnType<typeof connectionOf>
  /** The states that it went through: a wait may be short. */
  readonly states: string[] = []
  readonly reasons: string[] = []

  constructor({ url }: HostileServer, options: Partial<ClientOptions> = {}) {
    // `ask` and `watch` are names like any others: a client has every path.
    this.api = createClient<Api>({ url, WebSocket, ...options }) as unknown as Api
    this.connection = connectionOf(this.api)
    this.connection.subscribe(() => {
      this.states.push(this.state)
      this.reasons.push(this.reason)
    })
  }

  /** How a call ends: with the code of its error, or `answered`. */
  call(options?: object): Promise<string> {
    return this.api.ask(1, options).then(
      () => 'answered',
      (error) => (isHotlineError(error) ? error.code : `nameless: ${error}`),
    )
  }

  get state(): string {
    return this.connection.state.name
  }

  /** Why it waits or has closed. */
  get reason(): string {
    return 'reason' in this.connection.state ? this.connection.state.reason : ''
  }

  [Symbol.dispose](): void {
    this.connection.close()
  }
}

const onHello = (answer: (visit: Visit) => void) => (visit: Visit) => visit.on('hello', () => answer(visit))

const welcomed = (then: (visit: Visit) => void) =>
  onHello((visit) => {
    visit.say(welcome())
    then(visit)
  })

/** What no server may say: the client leaves for good, and its calls end by name. */
const BROKEN: readonly (readonly [string, (visit: Visit) => void])[] = [
  ['text that is no JSON', (visit) => visit.socket.send('<html>')],
  ['JSON that is no frame', (visit) => visit.say([null])],
  ['a frame of an unknown word', (visit) => visit.say(['shout'])],
  ['a frame that only clients send', (visit) => visit.say(['hello', {}])],
  ['binary garbage', (visit) => visit.socket.send(Buffer.alloc(1_000, 0xa5))],
  ['an attachment beyond the end', (visit) => visit.socket.send(Buffer.from([0, 0, 0, 2, 91, 93, 255, 255]))],
  ['a message that is none', (visit) => visit.say([1, 0, ['shout', 1]])],
  ['a missing number', (visit) => visit.say([2, 0, ['end', 1]])],
  ['an ack of what was never sent', (visit) => visit.say(['ack', 1_000_000])],
  ['an ack within data of what was never sent', (visit) => visit.say([1, 9e15, ['stream', 1]])],
  ['a call with an id of the client', (visit) => visit.say([1, 0, ['call', 1, 'ring']])],
  ['an id that is used twice', (visit) => visit.say([1, 0, ['call', 2, 'ring'], ['call', 2, 'ring']])],
  ['credit for a call that was never made', (visit) => visit.say([1, 0, ['credit', 999, Number.MAX_SAFE_INTEGER]])],
  ['endless credit for a call that takes no items', (visit) => visit.say([1, 0, ['credit', 1, 2 ** 53 - 1]])],
  ['brackets without end', (visit) => visit.socket.send('['.repeat(100_000))],
  ['a million values', (visit) => sendPieces(visit, `["result",1,[${'0,'.repeat(MEBIBYTE / 2 - 20)}0]]`)],
  ['pieces without end', (visit) => sendPieces(visit, `["result",1,"${'x'.repeat(2 * MEBIBYTE)}"]`)],
  ['a second welcome', (visit) => visit.say(welcome({ session: 'other' }))],
  ['a resumed that nothing asked for', (visit) => visit.say(['resumed', { secret: 'x', received: 0 }])],
  ['a lost session while it is there', (visit) => visit.say(['refused', { code: 'SESSION_LOST', message: '' }])],
  ['items beyond all credit', (visit) => visit.say([1, 0, ['stream', 1], ...items(3, 20_000)])],
]

/** What `ws` itself refuses: the line is lost, and the client comes back later. */
const REFUSED: readonly (readonly [string, (visit: Visit) => void])[] = [
  ['X34: a frame of 1 GB by its header', (visit) => visit.bytes(header(0x81, 1_000_000_000))],
  [
    'X34: a frame of 2^62 bytes by its header',
    (visit) => visit.bytes(Buffer.from([0x81, 127, 0x40, ...Array(7).fill(0)])),
  ],
  ['X34: a frame of 128 KiB and one byte', (visit) => visit.socket.send('x'.repeat(128 * 1024 + 1))],
  ['X34: fragments that never end', (visit) => fragments(visit, 100_000)],
  ['X8: a bomb of 64 MiB in 64 KiB', (visit) => visit.bytes(bomb(64 * MEBIBYTE))],
  ['X34: a masked frame', (visit) => visit.bytes(Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]))],
  ['X34: a reserved opcode', (visit) => visit.bytes(Buffer.from([0x83, 0]))],
  ['X34: text that is no UTF-8', (visit) => visit.bytes(Buffer.from([0x81, 2, 0xff, 0xfe]))],
]

describe('a client of a hostile server', () => {
  it.each(BROKEN)('X34: leaves for good, and its call ends by name: %s', async (_, attack) => {
    await using server = await HostileServer.start(welcomed(attack))
    using victim = new Victim(server)
    const held = await heldBytes()
    expect(['NOT_SENT', 'OUTCOME_UNKNOWN', 'answered']).toContain(await victim.call())
    await vi.waitFor(() => expect(victim.state).toBe('closed'))
    expect(victim.reason).not.toBe('')
    expect((await heldBytes()) - held).toBeLessThan(8 * MEBIBYTE)
    expect(server.visits).toHaveLength(1)
  })

  it.each(REFUSED)('%s: loses the line, and waits before it comes back', async (_, attack) => {
    await using server = await HostileServer.start(welcomed(attack))
    using victim = new Victim(server)
    const held = await heldBytes()
    const call = victim.call()
    await vi.waitFor(() => expect(victim.states).toContain('waiting'), { timeout: 5_000 })
    expect((await heldBytes()) - held).toBeLessThan(8 * MEBIBYTE)
    victim.connection.close()
    expect(['CLOSED', 'OUTCOME_UNKNOWN']).toContain(await call)
  })

  it.each([
    ['server_max_window_bits=99', 'permessage-deflate; server_max_window_bits=99'],
    ['what was not offered', 'permessage-deflate'],
    ['what does not exist', 'x-unfold; a="b"'],
  ])('X9: takes no extension with %s, and comes back later', async (_, extensions) => {
    await using server = await HostileServer.start(
      () => {},
      ({ headers }, stream) => {
        const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`).digest('base64')
        const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
        const more = [`Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: hotline.v1']
        stream.write([...lines, ...more, `Sec-WebSocket-Extensions: ${extensions}`, '', ''].join('\r\n'))
      },
    )
    using victim = new Victim(server)
    const call = victim.call()
    await vi.waitFor(() => expect(victim.states).toContain('waiting'))
    victim.connection.close()
    expect(await call).toBe('CLOSED')
  })

  it('X34: follows no redirect, also when it comes back', async () => {
    const asked: (string | undefined)[] = []
    await using server = await HostileServer.start(
      () => {},
      ({ url }, stream) => {
        asked.push(url)
        stream.end(`HTTP/1.1 302 Found\r\nLocation: ${server.url}/elsewhere\r\nContent-Length: 0\r\n\r\n`)
      },
    )
    using victim = new Victim(server)
    victim.connection.connect()
    await vi.waitFor(() => expect(victim.states).toContain('waiting'))
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1), { timeout: 5_000 })
    expect(new Set(asked)).toEqual(new Set(['/rpc']))
  })

  it.each([
    ['graceMs of 1e300', { graceMs: 1e300 }],
    ['a negative heartbeatMs', { heartbeatMs: -1 }],
    ['a timeoutMs that is no number', { timeoutMs: null }],
    ['a node of 100 kB', { node: 'n'.repeat(100_000) }],
    ['a contract of 100 kB', { contract: 'c'.repeat(100_000) }],
    ['a secret of 100 kB', { secret: 's'.repeat(100_000) }],
    ['more received than was sent', { received: 1_000 }],
  ])('X34: takes no welcome with %s', async (_, fields) => {
    await using server = await HostileServer.start(onHello((visit) => visit.say(welcome(fields))))
    using victim = new Victim(server)
    expect(['NOT_SENT', 'OUTCOME_UNKNOWN']).toContain(await victim.call())
    expect(victim.state).toBe('closed')
  })

  it('X34: lives with times of 0, asks nobody for credentials without end, and goes on', async () => {
    const times = { graceMs: 0, heartbeatMs: 0, timeoutMs: 0, expiresInMs: 0 }
    await using server = await HostileServer.start((visit) => {
      visit.on('hello', () => visit.say(welcome(times)))
      visit.on('reauth', () => visit.say(['reauthed', { expiresInMs: 0 }]))
    })
    let asked = 0
    using victim = new Victim(server, { auth: () => ++asked })
    const call = victim.call({ timeoutMs: 1_500 })
    expect(await call).toBe('TIMEOUT')
    // At the connection, at once, and a second later.
    expect(asked).toBeLessThanOrEqual(4)
    expect(victim.state).toBe('open')
  })

  it('X34: says hello once to a server that has lost every session', async () => {
    await using server = await HostileServer.start(
      onHello((visit) => visit.say(['refused', { code: 'SESSION_LOST', message: 'gone' }])),
    )
    using victim = new Victim(server)
    expect(['NOT_SENT', 'OUTCOME_UNKNOWN']).toContain(await victim.call())
    const helloes = server.visits[0]?.heard.filter(([word]) => word === 'hello').length
    expect([victim.state, server.visits.length, helloes]).toEqual(['closed', 1, 1])
  })

  it.each([
    ['refuses at once, to be asked again at once', { code: 'BUSY', message: '', retryAfterMs: 0 }, 1013],
    ['says that every attempt is stale', { code: 'STALE', message: '' }, 1000],
    ['closes at once', undefined, 1012],
  ])('X34: waits longer and longer where the server %s', async (_, refusal, code) => {
    await using server = await HostileServer.start(
      onHello((visit) => {
        if (refusal !== undefined) visit.say(['refused', refusal])
        visit.socket.close(code)
      }),
    )
    using victim = new Victim(server)
    victim.connection.connect()
    await sleep(2_500)
    // Full jitter from 0 to 0.5, 1, 2, 4 s: a dozen attempts would take waits that all come out next to nothing.
    // Ten a second, and the first two.
    expect(server.visits.length).toBeLessThan(35)
    expect(['waiting', 'authorizing', 'connecting', 'greeting']).toContain(victim.state)
  })

  it('X34: takes nothing of another session where it resumes its own', async () => {
    await using server = await HostileServer.start((visit, count) => {
      visit.on('hello', () => {
        visit.say(welcome())
        if (count === 1) setTimeout(() => visit.socket.terminate(), 20)
      })
      visit.on('resume', () => visit.say(welcome({ session: 'another', secret: 'y'.repeat(43) })))
    })
    using victim = new Victim(server)
    expect(await victim.call()).toBe('OUTCOME_UNKNOWN')
    expect(victim.state).toBe('closed')
    expect(server.visits[1]?.heard[0]).toMatchObject(['resume', { session: 's', secret: 'x'.repeat(43) }])
  })

  it('X34: moves no faster than it may where each server goes away at once', async () => {
    const goaways = Array(200).fill(['goaway', { delayMs: 0, deadlineMs: 0 }])
    await using server = await HostileServer.start(welcomed((visit) => visit.say(...goaways)))
    using victim = new Victim(server)
    victim.connection.connect()
    await sleep(3_000)
    expect(server.visits.length).toBeGreaterThan(1)
    // Ten a second, and the first two.
    expect(server.visits.length).toBeLessThan(35)
    expect(server.open).toBeLessThanOrEqual(2)
  })

  it('X34: runs so many calls of the server and no more', async () => {
    let running = 0
    const h = hotline<object>()
    const wait = h.mutation(() => {
      running++
      return new Promise<void>(() => {})
    })
    const calls = Array.from({ length: 3_000 }, (_, index) => [
      'call',
      2 + index * 2,
      index % 2 === 0 ? 'wait' : 'none',
    ])
    await using server = await HostileServer.start(
      welcomed((visit) => {
        visit.socket.on('message', () => visit.say(['ack', answersIn(visit).length]))
        for (let at = 0; at < calls.length; at += 250) visit.say([at + 1, 0, ...calls.slice(at, at + 250)])
      }),
    )
    using victim = new Victim(server, { handlers: clientHandlers(h.router({ wait })) })
    victim.connection.connect()
    const answers = () => server.visits.flatMap(answersIn)
    await vi.waitFor(() => expect([answers().length, victim.state, victim.reason]).toEqual([3_000 - 256, 'open', '']), {
      timeout: 4_000,
    })
    expect(running).toBe(256)
    const codes = answers().map(([, , fields]) => (fields as { code: string }).code)
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(1_500)
    expect(codes.filter((code) => code === 'TOO_MANY_CALLS')).toHaveLength(1_500 - 256)
  })

  it('X34: ends a session whose server calls without end and takes no answer', async () => {
    const h = hotline<object>()
    const big = 'x'.repeat(100_000)
    await using server = await HostileServer.start(
      welcomed((visit) => {
        for (let at = 0; at < 300; at++) visit.say([at + 1, 0, ['call', 2 + at * 2, 'big']])
      }),
    )
    using victim = new Victim(server, { handlers: clientHandlers(h.router({ big: h.query(() => big) })) })
    victim.connection.connect()
    await vi.waitFor(() => expect(victim.reasons.join()).toContain('are kept for the peer'), { timeout: 15_000 })
    victim.connection.close()
    expect(victim.connection.stats().waiting).toBe(0)
  }, 20_000)

  it('X34: keeps nothing of what answers no call, and is answered beside it', async () => {
    await using server = await HostileServer.start(
      welcomed((visit) => {
        let number = 1
        for (let round = 0; round < 50; round++) {
          const stray = Array.from({ length: 500 }, (_, index) => [
            'result',
            100_001 + 2 * (round * 500 + index),
            'x'.repeat(50),
          ])
          visit.say([number, 0, ...stray])
          number += stray.length
        }
        visit.say([number, 0, ['result', 1, 'yes']])
      }),
    )
    using victim = new Victim(server)
    const held = await heldBytes()
    expect(await victim.call()).toBe('answered')
    server.visits.splice(0).map(({ socket }) => socket.terminate())
    expect((await heldBytes()) - held).toBeLessThan(4 * MEBIBYTE)
  })

  it('X34: answers pings that nobody waits for, and keeps none of the answers', async () => {
    await using server = await HostileServer.start(
      welcomed((visit) => {
        visit.socket.pause()
        for (let count = 0; count < 100_000; count++) visit.socket.send('["ping"]')
      }),
    )
    using victim = new Victim(server)
    const held = await heldBytes()
    victim.connection.connect()
    await sleep(3_000)
    expect((await heldBytes()) - held).toBeLessThan(4 * MEBIBYTE)
    expect(victim.state).toBe('open')
  })
})

/** The messages that the client has sent. */
function answersIn({ heard }: Visit): unknown[][] {
  return heard.filter(([seq]) => typeof seq === 'number').flatMap(([, , ...messages]) => messages as unknown[][])
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

function header(first: number, length: number): Buffer {
  const bytes = Buffer.alloc(10)
  bytes.writeUInt8(first, 0)
  bytes.writeUInt8(127, 1)
  bytes.writeBigUInt64BE(BigInt(length), 2)
  return bytes
}

function bomb(length: number): Buffer {
  const body = deflateRawSync(Buffer.alloc(length, 0x78))
  // Text, the last frame, compressed.
  return Buffer.concat([header(0xc1, body.length), body])
}

function fragments({ socket }: Visit, count: number): void {
  for (let at = 0; at < count && socket.readyState === socket.OPEN; at++) socket.send('', { fin: false })
}

function sendPieces(visit: Visit, text: string): void {
  let number = 1
  for (let at = 0; at < text.length; at += 16 * 1024) {
    const isLast = at + 16 * 1024 >= text.length
    visit.say([number++, 0, ['piece', text.slice(at, at + 16 * 1024), isLast]])
  }
}

function items(count: number, size: number): unknown[] {
  return Array.from({ length: count }, () => ['item', 1, size, 'x'.repeat(size - 2)])
}
