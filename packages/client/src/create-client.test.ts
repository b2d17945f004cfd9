import { hotline, type Infer } from '@hotline/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connectionOf, createClient } from './create-client.ts'
import type { WebSocketClass, WebSocketLike } from './web-socket.ts'

const h = hotline<object>()
const router = h.router({ orders: { list: h.query(() => ['first']) } })
type Api = Infer<typeof router>

/** A class of sockets that never open, and the URLs of those that it made. */
function sockets() {
  const urls: string[] = []
  class Socket implements WebSocketLike {
    binaryType = 'blob'
    readonly bufferedAmount = 0
    readonly protocol = ''
    onopen = null
    onmessage = null
    onclose = null
    onerror = null

    constructor(url: string) {
      urls.push(url)
    }

    send(): void {}
    close(): void {}
  }
  const WebSocket: WebSocketClass = Socket
  return { urls, options: { url: 'wss://app.example/rpc', WebSocket } }
}

/** Promises have settled, and what was deferred has run. */
const settled = () => new Promise(setImmediate)

afterEach(() => void vi.unstubAllGlobals())

describe('a new client', () => {
  test('follows the page that it is on: one that is gone for good closes it', () => {
    const page = new EventTarget()
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    const api = createClient<Api>(sockets().options)
    page.dispatchEvent(new Event('pagehide'))
    expect(connectionOf(api).state.name).toBe('closed')
  })

  test('opens a socket with its first call, and one only', async () => {
    const { urls, options } = sockets()
    const api = createClient<Api>(options)
    await settled()
    expect(urls).toEqual([])
    const calls = [api.orders.list(), api.orders.list()]
    await settled()
    expect(urls).toEqual(['wss://app.example/rpc'])
    connectionOf(api).close()
    const ends = await Promise.allSettled(calls)
    expect(ends).toMatchObject([{ reason: { code: 'CLOSED' } }, { reason: { code: 'CLOSED' } }])
  })

  test('hands the options of a call on to it', async () => {
    const { options } = sockets()
    const api = createClient<Api>(options)
    const call = api.orders.list(undefined, { signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    connectionOf(api).close()
  })

  test('refuses a URL that leads elsewhere unencrypted', () => {
    expect(() => createClient({ ...sockets().options, url: 'ws://app.example/rpc' })).toThrow(TypeError)
  })
})

describe('the connection of a client', () => {
  test('is the same object each time, and that of no other client', () => {
    const { options } = sockets()
    const [one, other] = [createClient<Api>(options), createClient<Api>(options)]
    expect(connectionOf(one)).toBe(connectionOf(one))
    expect(connectionOf(one)).not.toBe(connectionOf(other))
  })

  test('is had from the whole client only', () => {
    const api = createClient<Api>(sockets().options)
    for (const none of [api.orders, { ...api }, {}]) {
      expect(() => connectionOf(none)).toThrow('This is no client: give what createClient() gave, whole')
    }
  })
})
