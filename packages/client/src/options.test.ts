import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolveOptions } from './options.ts'
import type { WebSocketClass } from './web-socket.ts'

afterEach(() => vi.unstubAllGlobals())

/** A class that says which URL it was opened with. */
function recording() {
  const urls: string[] = []
  const WebSocket = function (this: object, url: string) {
    urls.push(url)
  } as unknown as WebSocketClass
  return { urls, WebSocket }
}

const listener = { opened: () => {}, message: () => {}, closed: () => {} }

describe("a client's options", () => {
  it('open the URL with the WebSocket that was handed over', () => {
    const { urls, WebSocket } = recording()
    resolveOptions({ url: 'https://app.example/rpc', WebSocket }).openSocket(listener, undefined)
    expect(urls).toEqual(['wss://app.example/rpc'])
  })

  it('take the global WebSocket, and the page that a relative URL belongs to', () => {
    const { urls, WebSocket } = recording()
    vi.stubGlobal('WebSocket', WebSocket)
    vi.stubGlobal('location', { href: 'https://app.example/page' })
    resolveOptions({ url: '/rpc' }).openSocket(listener, undefined)
    expect(urls).toEqual(['wss://app.example/rpc'])
  })

  it('need a WebSocket from somewhere', () => {
    vi.stubGlobal('WebSocket', undefined)
    expect(() => resolveOptions({ url: 'wss://app.example' })).toThrow('There is no WebSocket here: hand one over')
  })

  it('X3: refuse a line that others can read, unless they say that it may be', () => {
    const { WebSocket } = recording()
    expect(() => resolveOptions({ url: 'ws://app.example/rpc', WebSocket })).toThrow('"url" leads to ws://app.example')
    expect(() => resolveOptions({ url: 'ws://app.example/rpc', WebSocket, allowInsecure: true })).not.toThrow()
    vi.stubGlobal('location', { href: 'http://intranet/page' })
    expect(() => resolveOptions({ url: '/rpc', WebSocket })).not.toThrow()
  })

  it('refuse a URL at once, not at the first call', () => {
    expect(() => resolveOptions({ url: '/rpc', WebSocket: recording().WebSocket })).toThrow('"url" is "/rpc"')
  })

  it('wait 30 s for an answer, and say an endless wait with the longest duration that the wire has', () => {
    const options = { url: 'wss://app.example', WebSocket: recording().WebSocket }
    expect(resolveOptions(options).caller.timeoutMs).toBe(30_000)
    expect(resolveOptions({ ...options, timeoutMs: 5_000 }).caller.timeoutMs).toBe(5_000)
    const endless = resolveOptions({ ...options, timeoutMs: Number.POSITIVE_INFINITY })
    expect(endless.caller.timeoutMs).toBe(2_147_483_647)
  })

  it.each([0, -1, Number.NaN, 2 ** 31, true, 5n])('refuse a timeoutMs of %s', (timeoutMs) => {
    const options = { url: 'wss://app.example', WebSocket: recording().WebSocket, timeoutMs: timeoutMs as number }
    expect(() => resolveOptions(options)).toThrow(`"timeoutMs" is ${timeoutMs}: give milliseconds above 0`)
  })

  it('refuse a timeoutMs that is text: joined to the time, it had passed at once', () => {
    const options = { url: 'wss://app.example', WebSocket: recording().WebSocket, timeoutMs: '5000' as never }
    expect(() => resolveOptions(options)).toThrow('"timeoutMs" is "5000": give milliseconds above 0')
  })

  it('refuse nothing as a URL, which would be the page itself', () => {
    vi.stubGlobal('location', { href: 'https://app.example/page?token=1' })
    expect(() => resolveOptions({ url: '', WebSocket: recording().WebSocket })).toThrow('"url" is ""')
  })
})
