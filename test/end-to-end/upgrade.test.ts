import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { attach, hotline, type ServerOptions, serve } from '@hotline/server'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { answerTo, connect, greet, type RawOptions, refusalOf } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline()
const api = h.router({ ring: h.query(() => 'ring') })

/** As long as a server of our own would wait for a request. */
const PATIENCE = { headersTimeout: 10_000 }

async function serveWith(options: Partial<ServerOptions<object>> = {}) {
  const logger = new RecordingLogger()
  const server = await serve(api, { port: 0, logger, ...options })
  return { logger, server, [Symbol.asyncDispose]: () => server.close() }
}

/** An HTTP server that ends with its block, whoever still holds a connection to it. */
async function listen(http: HttpServer) {
  http.listen(0)
  await once(http, 'listening')
  const close = async () => {
    const closed = once(http, 'close')
    http.close()
    http.closeAllConnections()
    await closed
  }
  return { port: (http.address() as AddressInfo).port, [Symbol.asyncDispose]: close }
}

describe('an upgrade', () => {
  it.each([
    ['no subprotocol', { protocols: [] }],
    ['another one', { protocols: ['graphql-transport-ws'] }],
    ['another version', { protocols: ['hotline.v2'] }],
  ])('gets 400 and a sentence for %s', async (_, options: RawOptions) => {
    await using served = await serveWith()
    const { status, body } = await refusalOf(served.server.port, options)
    expect(status).toBe(400)
    expect(body).toMatch(/^This endpoint speaks the WebSocket subprotocol "hotline\.v1": .*\.\n$/)
  })

  it('says once in the log that a proxy may have dropped the subprotocol, since a browser hides it', async () => {
    await using served = await serveWith()
    for (let count = 0; count < 3; count++) await refusalOf(served.server.port, { protocols: [] })
    expect(served.logger.lines).toEqual([
      { level: 'warn', fields: {}, message: expect.stringMatching(/^refused an upgrade\. .+ no proxy drops .+\.$/) },
    ])
  })

  it('passes with the subprotocol among others, and is answered with it', async () => {
    await using served = await serveWith()
    const { socket } = await connect(served.server.port, { protocols: ['other', 'hotline.v1'] })
    expect(socket.protocol).toBe('hotline.v1')
  })

  it('for a path that nobody has gets 404 on a port of our own', async () => {
    await using served = await serveWith()
    const { status, body } = await refusalOf(served.server.port, { path: '/nowhere' })
    expect(status).toBe(404)
    expect(body).toContain('/rpc')
  })

  it('may carry a query', async () => {
    await using served = await serveWith()
    await connect(served.server.port, { path: '/rpc?node=a' })
  })

  it('that is refused is closed, even if the client keeps its half open', async () => {
    await using served = await serveWith()
    const socket = connectTcp({ port: served.server.port ?? 0, allowHalfOpen: true })
    socket.write('GET /rpc HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.resume()
    await once(socket, 'end')
    await served.server.close()
    socket.destroy()
  })
})

describe('the origin of an upgrade', () => {
  const listed = 'https://app.example'
  const others = [
    ...['https://evil.example', 'null', 'http://app.example', 'https://app.example:8443', 'https://sub.app.example'],
    ...['https://app.example.evil.example', 'https://evil-app.example', 'https://APP.example', 'https://app.example/'],
    ...['https://аpp.example', 'app.example', '', 'https://app.example, https://evil.example'],
  ]

  it.each(others)('X1: gets 403 where it is not listed: %s', async (origin) => {
    await using served = await serveWith({ origins: [listed] })
    expect((await refusalOf(served.server.port, { headers: { origin: encodeURI(origin) } })).status).toBe(403)
  })

  it('X1: passes where it is listed, with cookies too', async () => {
    await using served = await serveWith({ origins: [listed] })
    await connect(served.server.port, { origin: listed, headers: { cookie: 'session=1' } })
  })

  it('X1: is logged once where it was refused, with the line to add', async () => {
    await using served = await serveWith({ origins: [listed] })
    for (let n = 0; n < 3; n++) await refusalOf(served.server.port, { origin: 'https://other.example' })
    expect(served.logger.lines).toEqual([
      {
        level: 'warn',
        fields: { origin: 'https://other.example' },
        message: expect.stringContaining('origins: ["https://other.example"]'),
      },
    ])
  })

  it('X1: passes without a list where it is the same host, and not otherwise', async () => {
    await using served = await serveWith()
    const { port } = served.server
    await connect(port, { origin: `http://localhost:${port}` })
    expect((await refusalOf(port, { origin: `http://localhost:${Number(port) + 1}` })).status).toBe(403)
    expect((await refusalOf(port, { origin: 'http://localhost' })).status).toBe(403)
  })

  it('may be missing: programs send none', async () => {
    await using served = await serveWith({ origins: [listed] })
    await connect(served.server.port)
  })

  it('X1: may not be missing where cookies come', async () => {
    await using served = await serveWith()
    const { status, body } = await refusalOf(served.server.port, { headers: { cookie: 'session=1' } })
    expect(status).toBe(403)
    expect(body).toContain('cookies')
  })

  it('is checked when the server is made: what no browser sends is a mistake', async () => {
    await expect(serve(api, { port: 0, origins: ['https://app.example/'] })).rejects.toThrow(
      '"origins" has "https://app.example/", which no browser sends: write https://app.example.',
    )
  })
})

describe('attached to a server of the application', () => {
  it('leaves upgrades for other paths to their listeners', async () => {
    const http = createServer(PATIENCE)
    const neighbour = new WebSocketServer({ noServer: true })
    http.on('upgrade', (request, socket, head) => {
      if (request.url !== '/neighbour') return
      neighbour.handleUpgrade(request, socket, head, (ws) => ws.send('["neighbour"]'))
    })
    await using listening = await listen(http)
    await using _server = attach(api, { server: http })
    const client = await connect(listening.port, { path: '/neighbour' })
    expect(await client.hear()).toEqual(['neighbour'])
    expect(await answerTo(listening.port, 'ring')).toEqual(['result', 1, 'ring'])
    client.socket.terminate()
  })

  it('that another listener answers as well is left to it, and the log says so, once', async () => {
    const http = createServer(PATIENCE)
    await using listening = await listen(http)
    const [first, second] = [new RecordingLogger(), new RecordingLogger()]
    await using _one = attach(api, { server: http, logger: first })
    await using _other = attach(api, { server: http, logger: second })
    for (let client = 0; client < 2; client++) {
      const { say, hear, socket } = await greet(listening.port)
      say([1, 0, ['call', 1, 'ring']])
      expect((await hear())[2]).toEqual(['result', 1, 'ring'])
      socket.terminate()
    }
    expect(first.lines.filter(({ level }) => level !== 'debug' && level !== 'info')).toEqual([])
    expect(second.at('error').map(({ message }) => message)).toEqual([
      'another listener of this HTTP server has answered an upgrade for "/rpc", too: attach once, and make a WebSocketServer of your own with noServer: true',
    ])
  })

  it('serves two routers on two paths', async () => {
    const http = createServer(PATIENCE)
    await using listening = await listen(http)
    await using _one = attach(api, { server: http })
    await using _two = attach(h.router({ other: h.query(() => 2) }), { server: http, path: '/two' })
    const client = await connect(listening.port, { path: '/two' })
    client.socket.terminate()
    expect(await answerTo(listening.port, 'ring')).toEqual(['result', 1, 'ring'])
  })

  it('stands beside an Express app', async () => {
    const app = express()
    app.get('/', (_request, response) => {
      response.send('a page')
    })
    const http = createServer(PATIENCE, app)
    await using listening = await listen(http)
    await using _server = attach(api, { server: http, path: '/rpc' })
    expect(await (await fetch(`http://localhost:${listening.port}/`)).text()).toBe('a page')
    expect(await answerTo(listening.port, 'ring')).toEqual(['result', 1, 'ring'])
    expect((await fetch(`http://localhost:${listening.port}/rpc`)).status).toBe(404)
  })

  it('leaves the server and its listeners as they were when it closes', async () => {
    const http = createServer(PATIENCE, (_request, response) => response.end('still here'))
    await using listening = await listen(http)
    const server = attach(api, { server: http })
    const client = await greet(listening.port)
    await server.close()
    expect((await client.closed).code).toBe(1001)
    expect(http.listenerCount('upgrade')).toBe(0)
    expect(await (await fetch(`http://localhost:${listening.port}/`)).text()).toBe('still here')
  })
})
