import { describe, expect, it, vi } from 'vitest'
import { type OpenListener, openWebSocket, type WebSocketLike } from './web-socket.ts'

/** The border: a WebSocket whose events are fired by hand. */
class BrowserSocket implements WebSocketLike {
  static last: BrowserSocket
  readonly done: unknown[] = []
  binaryType = 'blob'
  bufferedAmount = 7
  protocol = ''
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null

  constructor(...how: readonly unknown[]) {
    this.done.push(['new', ...how])
    BrowserSocket.last = this
  }

  send(data: string | Uint8Array): void {
    this.done.push(['send', data])
  }

  close(...how: unknown[]): void {
    this.done.push(['close', ...how])
  }

  fire(name: 'onopen' | 'onmessage' | 'onclose' | 'onerror', event: object): void {
    this[name]?.(event as never)
  }
}

class WsSocket extends BrowserSocket {
  terminate(): void {
    this.done.push(['terminate'])
  }
}

function open(WebSocket: typeof BrowserSocket = BrowserSocket, query = '') {
  const told: unknown[][] = []
  const listener: OpenListener = {
    opened: () => told.push(['opened']),
    message: (frame) => told.push(['message', frame]),
    closed: (code, reason) => told.push(['closed', code, reason]),
  }
  const socket = openWebSocket(WebSocket, `wss://app.example/rpc${query}`, listener)
  return { socket, ws: BrowserSocket.last, told }
}

describe('a socket on a WebSocket', () => {
  it('offers the subprotocol, and takes binary messages as bytes', () => {
    const { ws } = open()
    expect(ws.done).toEqual([['new', 'wss://app.example/rpc', 'hotline.v1']])
    expect(ws.binaryType).toBe('arraybuffer')
  })

  it('X8, X34: has ws refuse large and compressed messages by their headers, and gives a browser no options', () => {
    expect(open(WsSocket).ws.done[0]).toEqual([
      ...['new', 'wss://app.example/rpc', 'hotline.v1'],
      { maxPayload: 128 * 1024, maxFragments: 64, perMessageDeflate: false },
    ])
    expect(open().ws.done[0]).toHaveLength(3)
  })

  it('says why it did not open, as far as it is told, and where to look, without what stands in the query', () => {
    const reasonFor = (event?: object) => {
      const { ws, told } = open(BrowserSocket, '?key=secret')
      ws.fire('onerror', event as object)
      ws.fire('onclose', { code: 1006, reason: '' })
      return told[0]?.[2]
    }
    const where = 'wss://app.example/rpc did not open'
    const look = 'is the server there, and does it let this origin in?'
    // A browser's event, one of ws, and one of ws where each of the addresses of a name has failed.
    expect(reasonFor({})).toBe(`${where}: ${look}`)
    expect(reasonFor()).toBe(`${where}: ${look}`)
    expect(reasonFor({ message: 'Unexpected server response: 404' })).toBe(
      `${where} (Unexpected server response: 404): ${look}`,
    )
    expect(reasonFor({ message: '', error: { code: 'ECONNREFUSED' } })).toBe(`${where} (ECONNREFUSED): ${look}`)
  })

  it('tells what happens, and of an error once it is open only its close', () => {
    const { ws, told } = open()
    ws.fire('onopen', {})
    ws.fire('onmessage', { data: '["ping"]' })
    ws.fire('onmessage', { data: new Uint8Array([1, 2]).buffer })
    ws.fire('onerror', new Error('ECONNREFUSED'))
    ws.fire('onclose', { code: 1006, reason: '' })
    expect(told).toEqual([
      ['opened'],
      ['message', '["ping"]'],
      ['message', new Uint8Array([1, 2])],
      ['closed', 1006, ''],
    ])
  })

  it('sends frames as they are, and says what still waits', () => {
    const { socket, ws } = open()
    socket.send('["bye"]')
    expect([ws.done.at(-1), socket.bufferedBytes]).toEqual([['send', '["bye"]'], 7])
    socket.send(new Uint8Array([1, 2]))
    expect(ws.done.at(-1)).toEqual(['send', new Uint8Array([1, 2])])
  })

  it.each([
    [1000, 1000],
    [4400, 4400],
    [3000, 3000],
    [1001, 1000],
    [1011, 1000],
  ])('closes with %i as %i: browsers throw for the others', (code, sent) => {
    const { socket, ws } = open()
    socket.close(code, 'why')
    expect(ws.done.at(-1)).toEqual(['close', sent, 'why'])
  })

  it('ends at once where it can, else begins to close', () => {
    const browser = open()
    browser.socket.abort()
    expect(browser.ws.done.at(-1)).toEqual(['close'])
    const ws = open(WsSocket)
    ws.socket.abort()
    expect(ws.ws.done.at(-1)).toEqual(['terminate'])
  })

  it('is said to have ended abnormally where its close says nothing, as that of React Native', () => {
    const { ws, told } = open()
    ws.fire('onclose', { message: 'Connection refused' })
    ws.onclose?.(undefined as never)
    expect(told).toEqual([
      ['closed', 1006, expect.stringContaining('did not open: ')],
      ['closed', 1006, expect.stringContaining('did not open: ')],
    ])
  })

  it.each([BrowserSocket, WsSocket])('survives a class that throws where it is ended', (WebSocket) => {
    vi.useFakeTimers()
    const { socket, ws } = open(WebSocket)
    const end = () => {
      throw new Error('It has ended.')
    }
    Object.assign(ws, { close: end, terminate: end })
    expect(() => socket.close(1000, 'why')).not.toThrow()
    expect(() => socket.abort()).not.toThrow()
    expect(() => vi.runAllTimers()).not.toThrow()
    vi.useRealTimers()
  })
})
