import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { attach, hotline } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import { RecordingLogger } from '../end-to-end/recording-logger.ts'
import { openGate } from './fixture/gate-stage.ts'
import { type RawHeader, RawUpgrade } from './fixture/raw-upgrade.ts'

const LISTED = ['https://app.example', 'https://admin.example:8443', 'http://localhost:5173']
const EVIL = 'https://evil.example'

/** What an upgrade with these headers is answered with. */
async function statusOf(port: number, headers: readonly RawHeader[], request?: string): Promise<number> {
  await using raw = await RawUpgrade.ask(port, headers, request)
  return raw.status
}

describe('X1: the origin of an upgrade', () => {
  it.each([
    ...LISTED.map((origin) => [origin, 101] as const),
    ...['null', '', '*', 'undefined', 'app.example', '//app.example', 'file://', 'about:blank', 'data:'].map(refused),
    ...['http://app.example', 'wss://app.example', 'ws://app.example', 'HTTPS://app.example'].map(refused),
    ...['https://app.example:443', 'https://app.example:8443', 'https://admin.example', 'http://localhost'].map(
      refused,
    ),
    ...['https://APP.example', 'https://app.EXAMPLE', 'https://app.example/', 'https://app.example/rpc'].map(refused),
    ...['https://app.example.', 'https://.app.example', 'https://sub.app.example', 'https://example'].map(refused),
    ...['https://evilapp.example', 'https://evil-app.example', 'https://app.example.evil.example'].map(refused),
    ...['https://app.example@evil.example', 'https://evil.example#https://app.example'].map(refused),
    ...['https://evil.example?https://app.example', 'https://evil.example/https://app.example'].map(refused),
    ...['https://xn--pp-7kc.example', 'https://app%2eexample', 'https://app.example%00', 'https://app\xa0.example'].map(
      refused,
    ),
    ...['https://app.example, https://evil.example', 'https://evil.example, https://app.example'].map(refused),
    ...['https://app.example https://evil.example', 'https://127.0.0.1', 'http://[::1]:5173'].map(refused),
  ])('%j is answered with %i', async (origin, status) => {
    await using gate = await openGate({ origins: LISTED })
    expect(await statusOf(gate.port, [['Origin', origin]])).toBe(status)
    expect(
      await statusOf(gate.port, [
        ['Origin', origin],
        ['Cookie', 'session=1'],
      ]),
    ).toBe(status)
    expect(gate.server.stats().refusals.origin).toBe(status === 101 ? 0 : 2)
  })

  it.each([
    ['two of the same', 'https://app.example', 'https://app.example'],
    ['a listed one first', 'https://app.example', EVIL],
    ['a listed one last', EVIL, 'https://app.example'],
  ])('is refused where it comes twice: %s', async (_, first, second) => {
    for (const name of ['Origin', 'ORIGIN']) {
      await using gate = await openGate({ origins: LISTED })
      await using raw = await RawUpgrade.ask(gate.port, [
        ['Origin', first],
        [name, second],
      ])
      expect([raw.status, raw.body]).toEqual([403, 'A request may have one Origin.\n'])
    }
  })

  it('opens the line to every page that is listed: a server that lists evil is open to it', async () => {
    const cookies: RawHeader[] = [
      ['Origin', EVIL],
      ['Cookie', 'session=1'],
    ]
    await using open = await openGate({ origins: [...LISTED, EVIL] })
    expect(await statusOf(open.port, cookies)).toBe(101)
    await using closed = await openGate({ origins: LISTED })
    expect(await statusOf(closed.port, cookies)).toBe(403)
  })

  it('may be missing for a program, and not with cookies', async () => {
    await using gate = await openGate({ origins: LISTED })
    expect(await statusOf(gate.port, [])).toBe(101)
    expect(await statusOf(gate.port, [['Cookie', 'session=1']])).toBe(403)
  })
})

describe('an upgrade that is none', () => {
  it.each([
    ['another method', [], 'POST /rpc', 405],
    ['a path beside it', [], 'GET /rpc/', 404],
    ['no version', [['Sec-WebSocket-Version', '1']], 'GET /rpc', 400],
    ['two keys', [['Sec-WebSocket-Key', 'BBBBBBBBBBBBBBBBBBBBBB==']], 'GET /rpc', 400],
  ] as const)('is answered in a sentence: %s', async (_, headers, request, status) => {
    await using gate = await openGate()
    await using raw = await RawUpgrade.ask(gate.port, headers, request)
    expect(raw.status).toBe(status)
    expect(raw.headers).toContain('Content-Type: text/plain')
    expect(raw.body).toMatch(/^[A-Z].+\.\n$/)
  })
})

describe('X9: compression that an upgrade offers', () => {
  it.each([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; server_max_window_bits=99',
    'permessage-deflate; server_max_window_bits=8; server_max_window_bits=9',
    'permessage-deflate; client_max_window_bits=-1; unknown=1',
    'permessage-deflate; server_no_context_takeover=yes',
    `permessage-deflate${', permessage-deflate'.repeat(500)}`,
    '; ; =,,',
    '__proto__; constructor=1',
  ])('is not taken up, and harms nobody: %.60s', async (offer) => {
    await using gate = await openGate()
    await using raw = await RawUpgrade.ask(gate.port, [['Sec-WebSocket-Extensions', offer]])
    expect(raw.status).toBe(101)
    expect(raw.headers.toLowerCase()).not.toContain('extensions')
    expect(await statusOf(gate.port, [])).toBe(101)
  })
})

describe('X3: a server that asks for TLS', () => {
  const forwarded = (proto: string): RawHeader[] => [
    ['X-Forwarded-For', '203.0.113.7'],
    ['X-Forwarded-Proto', proto],
  ]

  it('refuses what our proxy got without it, and lets in what it got with it', async () => {
    await using gate = await openGate({ requireTls: true, trustProxy: ['127.0.0.1'] })
    await using raw = await RawUpgrade.ask(gate.port, forwarded('http'))
    expect([raw.status, raw.body]).toEqual([403, 'Connect over TLS: wss:// instead of ws://.\n'])
    expect(await statusOf(gate.port, [['X-Forwarded-For', '203.0.113.7']])).toBe(403)
    expect(await statusOf(gate.port, [...forwarded('https'), ['X-Forwarded-Proto', 'http']])).toBe(403)
    expect(await statusOf(gate.port, forwarded('https'))).toBe(101)
    expect(await statusOf(gate.port, [])).toBe(101)
  })

  it('lets anything in where it does not ask', async () => {
    await using gate = await openGate({ trustProxy: ['127.0.0.1'] })
    expect(await statusOf(gate.port, forwarded('http'))).toBe(101)
  })
})

describe('X4: sockets that hang about', () => {
  const COUNT = 40

  /** Opens that many sockets which send a byte every 10 ms and never finish their request. */
  async function dribble(port: number) {
    const sockets = await Promise.all(Array.from({ length: COUNT }, () => RawUpgrade.connect(port)))
    const request = 'GET /rpc HTTP/1.1\r\nHost: '
    let at = 0
    const timer = setInterval(() => {
      for (const { socket } of sockets) socket.write(request[at] ?? 'a')
      at++
    }, 10)
    return {
      sockets,
      async [Symbol.asyncDispose]() {
        clearInterval(timer)
        for (const socket of sockets) await socket[Symbol.asyncDispose]()
      },
    }
  }

  it('are reaped by the time of their headers, while others come in', async () => {
    await using patient = await openGate()
    await using hasty = await openGate({ limits: { headersTimeoutMs: 300 } })
    await using spared = await dribble(patient.port)
    await using reaped = await dribble(hasty.port)
    expect(await statusOf(hasty.port, [])).toBe(101)
    await vi.waitFor(() => expect(reaped.sockets.every(({ isClosed }) => isClosed)).toBe(true), { timeout: 5_000 })
    expect(spared.sockets.some(({ isClosed }) => isClosed)).toBe(false)
  })

  it('are reaped by that time where they begin only at its end, too: it counts from when they connected', async () => {
    await using gate = await openGate({ limits: { headersTimeoutMs: 3_000 } })
    const connected = performance.now()
    const late = connect(gate.port, '127.0.0.1')
    const begins = setTimeout(() => late.write('GET'), 2_900)
    late.resume()
    await once(late, 'close')
    clearTimeout(begins)
    // Node's own time would begin with the first byte, and be over after 5,900 ms at least.
    expect(performance.now() - connected).toBeLessThan(5_500)
  })

  it('give way before their request is there: the one that has waited longest makes room, and others come in', async () => {
    await using endless = await openGate({ limits: { maxUnauthenticated: Number.POSITIVE_INFINITY } })
    await using bounded = await openGate({ limits: { maxUnauthenticated: COUNT } })
    for (const { gate, closed } of [
      { gate: endless, closed: 0 },
      { gate: bounded, closed: 10 },
    ]) {
      const silent: RawUpgrade[] = []
      for (let index = 0; index < COUNT + 10; index++) silent.push(await RawUpgrade.connect(gate.port))
      await vi.waitFor(() => expect(silent.map(({ isClosed }) => isClosed).indexOf(false)).toBe(closed))
      await vi.waitFor(() => expect(gate.server.stats().unauthenticated).toBe(COUNT + 10 - closed))
      expect(gate.server.stats().refusals.unauthenticated).toBe(closed)
      expect(silent[0]?.status).toBe(closed > 0 ? 503 : Number.NaN)
      expect(await statusOf(gate.port, [])).toBe(101)
      for (const raw of silent) await raw[Symbol.asyncDispose]()
      await vi.waitFor(() => expect(gate.server.stats().unauthenticated).toBe(0))
    }
  })

  it('are as few from one address as may wait there for their greeting, and not counted where a proxy speaks for many', async () => {
    const limits = { maxUnauthenticatedPerAddress: 3 }
    await using known = await openGate({ limits, trustProxy: ['203.0.113.1'] })
    await using proxied = await openGate({ limits, trustProxy: ['127.0.0.1'] })
    for (const { gate, refused } of [
      { gate: known, refused: 2 },
      { gate: proxied, refused: 0 },
    ]) {
      const silent: RawUpgrade[] = []
      for (let index = 0; index < 5; index++) silent.push(await RawUpgrade.connect(gate.port))
      await vi.waitFor(() => expect(silent.filter(({ isClosed }) => isClosed)).toHaveLength(refused))
      await vi.waitFor(() => expect(gate.server.stats().unauthenticated).toBe(5 - refused))
      expect(gate.server.stats().refusals.unauthenticatedPerAddress).toBe(refused)
      expect(silent.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(refused)
      for (const raw of silent) await raw[Symbol.asyncDispose]()
    }
  })

  it('are reaped by the time of their hello, and make room for others', async () => {
    await using gate = await openGate({ limits: { helloTimeoutMs: 200, maxUnauthenticated: COUNT } })
    const silent = await Promise.all(Array.from({ length: COUNT }, () => RawUpgrade.ask(gate.port)))
    expect(gate.server.stats().unauthenticated).toBe(COUNT)
    expect(await statusOf(gate.port, [])).toBe(503)
    for (const raw of silent) expect(await raw.code()).toBe(4308)
    for (const raw of silent) await raw[Symbol.asyncDispose]()
    await vi.waitFor(() => expect(gate.server.stats().unauthenticated).toBe(0))
    expect(await statusOf(gate.port, [])).toBe(101)
  })

  it('are warned of where the HTTP server of an application would wait for them a minute', async () => {
    const router = hotline<object>().router({})
    const warningsOf = async (headersTimeout: number) => {
      const logger = new RecordingLogger()
      const http = createServer({ headersTimeout })
      http.listen(0)
      await once(http, 'listening')
      await attach(router, { server: http, logger }).close()
      expect((http.address() as AddressInfo).port).toBeGreaterThan(0)
      http.close()
      return logger.lines.map(({ message }) => message)
    }
    expect(await warningsOf(60_000)).toEqual([expect.stringContaining('createServer({ headersTimeout: 10_000')])
    expect(await warningsOf(0)).toEqual([expect.stringContaining('waits for ever')])
    expect(await warningsOf(15_000)).toEqual([])
  })
})

function refused(origin: string): readonly [string, number] {
  return [origin, 403]
}
