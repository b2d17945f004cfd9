import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { attach, HotlineError, hotline, type Server, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import { connect, greet, HELLO } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline()
let aborted: Promise<unknown> | undefined
const api = h.router({
  ring: h.query(() => 'ring'),
  broken: h.query(() => {
    throw new Error('broken')
  }),
  wait: h.query(({ signal }) => {
    aborted = once(signal, 'abort')
    return aborted
  }),
  tick: h.subscription(async function* ({ signal }) {
    yield 'tick'
    await once(signal, 'abort')
  }),
})
/** Sockets, servers and timers that keep the process alive, once those that are closing have closed, by kind. */
async function openHandles(): Promise<Readonly<Record<string, number>>> {
  for (let turn = 0; turn < 3; turn++) await setImmediate()
  const counts: Record<string, number> = { TCPSocketWrap: 0, TCPServerWrap: 0, Timeout: 0 }
  for (const name of process.getActiveResourcesInfo()) if (name in counts) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** The runner has timers and sockets of its own, which come and go: none more may be left than there were. */
async function expectNoMoreThan(before: Readonly<Record<string, number>>): Promise<void> {
  const after = await openHandles()
  for (const [kind, count] of Object.entries(after)) expect(count, kind).toBeLessThanOrEqual(before[kind] ?? 0)
}

const quiet = () => ({ port: 0, logger: new RecordingLogger() })

describe('serve', () => {
  it('says in one clear sentence that its port is taken', async () => {
    await using first = await serve(api, quiet())
    const error = await serve(api, { ...quiet(), port: Number(first.port) }).catch((reason: unknown) => reason)
    expect(String(error)).toBe(`Error: Port ${first.port} is taken: stop what listens there, or choose another port.`)
  })

  it.each([undefined, null, 3000, '3000'])('takes no options that are %j', async (options) => {
    const shown = typeof options === 'string' ? '"3000"' : options
    const message = `The options are ${shown}: give them behind the router, as in `
    // What has no types may do all of this.
    const wrong = options as unknown as { readonly port: number }
    await expect(serve(api, wrong)).rejects.toThrow(new TypeError(`${message}serve(api, { port: 3000 }).`))
    expect(() => attach(api, wrong as never)).toThrow(new TypeError(`${message}attach(api, { server }).`))
  })

  it('takes no host that is a number, which Node would take for every address', async () => {
    const host = 5 as unknown as string
    await expect(serve(api, { ...quiet(), host })).rejects.toThrow(
      new TypeError('"host" is of type number: give text.'),
    )
  })

  it('says in one clear sentence that its host is no address of this machine', async () => {
    // An address that is kept for documentation (RFC 5737).
    const error = await serve(api, { ...quiet(), host: '192.0.2.1' }).catch((reason: unknown) => reason)
    expect(String(error)).toBe(
      `Error: "host" is "192.0.2.1", where this machine can't listen (EADDRNOTAVAIL): give an address of its own, or leave it out for all.`,
    )
  })

  it.each([Number.NaN, -1, 65_536, 80.5, undefined, '3000'])('takes no port %s', async (port) => {
    const options = { ...quiet(), port: port as number }
    const shown = typeof port === 'string' ? '"3000"' : port
    const message = `"port" is ${shown}: give a whole number from 0 to 65535, 0 for a free one.`
    await expect(serve(api, options)).rejects.toThrow(new TypeError(message))
  })

  it.each(['rpc', '', '/rpc?v=1', '/rpc#top', true])('takes no path %j', async (path) => {
    const message = `"path" is ${JSON.stringify(path)}: begin it with a slash, as in "/rpc", and leave out "?" and "#".`
    await expect(serve(api, { ...quiet(), path: path as string })).rejects.toThrow(new TypeError(message))
  })

  it('stops all timers of its own where its port is taken', async () => {
    await using first = await serve(api, quiet())
    const set = vi.spyOn(globalThis, 'setInterval')
    const cleared = vi.spyOn(globalThis, 'clearInterval')
    await expect(serve(api, { ...quiet(), port: Number(first.port) })).rejects.toThrow('is taken')
    const timers = set.mock.results.map(({ value }) => value as unknown)
    expect(timers.length).toBeGreaterThan(0)
    expect(cleared.mock.calls.map(([timer]) => timer)).toEqual(expect.arrayContaining(timers))
    vi.restoreAllMocks()
  })

  it('leaves nothing behind where its port is taken', async () => {
    const other = createServer().listen(0)
    await once(other, 'listening')
    const before = await openHandles()
    await expect(serve(api, { ...quiet(), port: (other.address() as AddressInfo).port })).rejects.toThrow('is taken')
    await expectNoMoreThan(before)
    other.close()
  })

  it('answers plain HTTP with a hint', async () => {
    await using server = await serve(api, quiet())
    const response = await fetch(`http://localhost:${server.port}/`)
    expect(response.status).toBe(426)
    expect(await response.text()).toContain('WebSocket')
  })
})

describe('attach', () => {
  it.each([
    ['the application of a framework', Object.assign(() => {}, { on() {}, listen() {} })],
    ['nothing', undefined],
    ['a server of ours', { port: 3000, close() {} }],
  ])('takes no server that is %s', (_, server) => {
    const message = '"server" is no HTTP server: give what createServer() made, or what app.listen() gives.'
    expect(() => attach(api, { logger: new RecordingLogger(), server: server as never })).toThrow(
      new TypeError(message),
    )
  })
})

describe('closing a server', () => {
  it('ends every connection, aborts what runs, and leaves no handle', async () => {
    const before = await openHandles()
    const server = await serve(api, quiet())
    const idle = await connect(server.port)
    const calling = await greet(server.port)
    const reading = await greet(server.port)
    calling.say([1, 0, ['call', 1, 'wait'], ['call', 3, 'ring']])
    reading.say([1, 0, ['call', 1, 'tick']])
    await Promise.all([calling.hear(), reading.hear()])
    expect(server.size).toBe(3)
    await server.close()
    await aborted
    for (const { closed } of [idle, calling, reading]) expect((await closed).code).toBe(1001)
    expect(server.size).toBe(0)
    await expectNoMoreThan(before)
  })

  it('does not wait for a connection that has said nothing', async () => {
    const server = await serve(api, quiet())
    const silent = connectTcp(Number(server.port))
    await once(silent, 'connect')
    const half = connectTcp(Number(server.port))
    half.on('error', () => {})
    half.write('GET /rpc HTTP/1.1\r\nHost: ')
    // An answer to a whole request shows that the server has met the two before it.
    await fetch(`http://localhost:${server.port}/`)
    await server.close()
    silent.destroy()
    half.destroy()
  })

  it.each([
    ['closed twice', (server: Server) => [server.close(), server.close()]],
    ['drained', (server: Server) => [server.drain({ deadlineMs: 0 })]],
  ])(
    'refuses who was connected already and asks for an upgrade meanwhile, and does not wait for that, where it is %s',
    async (_, end) => {
      const server = await serve(api, quiet())
      const told = await greet(server.port)
      // It doesn't read, so it never answers the closing handshake: that takes a while.
      const deaf = await greet(server.port)
      deaf.socket.pause()
      const late = connectTcp({ port: server.port as number, allowHalfOpen: true })
      late.on('error', () => {})
      await once(late, 'connect')
      // An answer to a whole request shows that the server has met the one before it.
      await fetch(`http://localhost:${server.port}/`)
      const closed = Promise.all(end(server))
      await told.closed
      const upgrade = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
      late.write(`GET /rpc HTTP/1.1\r\n${upgrade.join('\r\n')}\r\n\r\n`)
      const [answer] = await once(late, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1.1 503 /)
      deaf.socket.terminate()
      await closed
      late.destroy()
    },
  )

  it('may be done twice, also at once', async () => {
    const server = await serve(api, quiet())
    await greet(server.port)
    await Promise.all([server.close(), server.close()])
    await server.close()
  })

  it('takes nobody in any more', async () => {
    const server = await serve(api, quiet())
    await server.close()
    await expect(connect(server.port)).rejects.toThrow('ECONNREFUSED')
  })

  it('waits for nothing where nobody ever came', async () => {
    await (await serve(api, quiet())).close()
  })
})

describe('the log', () => {
  it('gets its fields first and its sentence second, on methods that keep their this', async () => {
    const options = quiet()
    await using server = await serve(api, { ...options, authenticate: () => ({ principal: 'acme/ann', context: {} }) })
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'broken']])
    const [, , message] = await client.hear()
    const { data } = (message as [string, number, { data: { id: string } }])[2]
    expect(options.logger.at('error')).toEqual([
      {
        level: 'error',
        fields: expect.objectContaining({
          err: new Error('broken'),
          path: 'broken',
          id: data.id,
          principal: 'acme/ann',
        }),
        message: '"broken" failed',
      },
    ])
  })

  it('X2: never has what a client gave as its auth', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.a-token'
    const options = quiet()
    const failures: unknown[] = []
    await using server = await serve(api, {
      ...options,
      onError: (failure) => failures.push(failure),
      authenticate: ({ auth }) => {
        const { end } = auth as { readonly end: string }
        if (end === 'refused') throw new HotlineError('UNAUTHORIZED', undefined)
        if (end === 'failed') throw new Error('the database is down')
        if (end === 'no identity') return undefined as never
        return { context: {} }
      },
    })
    const hello = (end: string, fields: object = {}) => ['hello', { ...HELLO, auth: { token, end }, ...fields }]
    const ends = [
      [hello('refused')],
      [hello('failed')],
      [hello('no identity')],
      [hello('another version', { version: 7 })],
      [hello('a bad field', { timeoutMs: token })],
      [hello('too long', { contract: 'x'.repeat(9_000) })],
      [hello('twice'), hello('twice')],
      [hello('no frame'), ['shout']],
      [hello('no message'), [1, 0, ['shout', 1]]],
      [hello('no headers'), [1, 0, ['call', 1, 'ring', 0, { headers: token }]]],
      [hello('said bye'), ['bye']],
    ]
    for (const frames of ends) {
      const client = await connect(server.port)
      client.say(...frames)
      await client.closed
    }
    expect(options.logger.lines.length).toBeGreaterThanOrEqual(ends.length - 1)
    expect(failures).toHaveLength(2)
    expect(inspect([options.logger.lines, failures], { depth: null })).not.toContain(token)
  })
})
