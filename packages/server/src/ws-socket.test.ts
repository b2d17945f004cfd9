import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { Attached } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { binaryMessage } from './binary-message.ts'
import { UnfinishedMessages } from './gate/unfinished-messages.ts'
import { FRAMED_CHARACTERS, textFrame } from './text-frame.ts'
import { listenToWs, WsSocket } from './ws-socket.ts'

/** The border: a socket of ws that notes what is done with it. */
function setUp() {
  const done: unknown[][] = []
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void done.push([name, ...args])
  const methods = ['send', 'close', 'terminate', 'pause', 'resume'].map((name) => [name, note(name)])
  const { OPEN } = WebSocket
  const ws = Object.assign(new EventEmitter(), Object.fromEntries(methods), {
    bufferedAmount: 7,
    OPEN,
    readyState: OPEN as number,
  })
  const stream = new PassThrough()
  return { done, ws, stream, socket: new WsSocket(ws as unknown as WebSocket, stream) }
}

describe('a socket on ws', () => {
  it('does what it is told', () => {
    const { done, socket } = setUp()
    socket.send(new Uint8Array([1, 2]))
    socket.close(4400, 'why')
    socket.abort()
    socket.pauseReading(true)
    socket.pauseReading(false)
    expect(done).toEqual([
      ['send', new Uint8Array([1, 2])],
      ['close', 4400, 'why'],
      ['terminate'],
      ['pause'],
      ['resume'],
    ])
    expect(socket.bufferedBytes).toBe(7)
  })

  it('writes short text as a frame of its own, and no more once it is closing; ws takes care of long text', () => {
    const { done, ws, stream, socket } = setUp()
    const long = `"${'x'.repeat(FRAMED_CHARACTERS)}"`
    socket.send('["bye"]')
    socket.send(long)
    expect(done).toEqual([['send', long]])
    ws.readyState = WebSocket.CLOSING
    socket.send('["late"]')
    expect(stream.read()).toEqual(textFrame('["bye"]'))
  })

  it('writes a frame with attachments by itself, in one go, and no more once it is closing', () => {
    const { done, ws, stream, socket } = setUp()
    const large = new Uint8Array(100_000).fill(7)
    const frame = { text: '[1,0,["result",1,0]]', placed: [{ index: 0, message: new Attached('', [large]) }] }
    let writes = 0
    stream._writev = (chunks, done) => {
      writes++
      for (const { chunk } of chunks) stream.push(chunk)
      done()
    }
    socket.sendBinary(frame)
    ws.readyState = WebSocket.CLOSING
    socket.sendBinary(frame)
    expect([done, writes]).toEqual([[], 1])
    expect(Buffer.concat(binaryMessage(frame)).equals(stream.read() as Buffer)).toBe(true)
  })

  it('tells of messages and its close, and of an error only that close', () => {
    const { ws } = setUp()
    const told: unknown[][] = []
    const unfinished = new UnfinishedMessages(100)
    const listener = {
      message: (frame: unknown) => told.push(['message', frame]),
      controlFrame: () => told.push(['controlFrame']),
      closed: (...close: unknown[]) => told.push(['closed', ...close]),
      late: (timeoutMs: number) => told.push(['late', timeoutMs]),
      isWaiting: false,
    }
    listenToWs(ws as unknown as WebSocket, listener, unfinished)
    expect(unfinished.size).toBe(1)
    ws.emit('message', Buffer.from('["ü"]'), false)
    ws.emit('message', Buffer.from([0, 1, 2]).subarray(1), true)
    ws.emit('ping', Buffer.from(''))
    ws.emit('error', new Error('ECONNRESET'))
    ws.emit('close', 1006, Buffer.from(''))
    expect(told).toEqual([
      ['message', '["ü"]'],
      ['message', new Uint8Array([1, 2])],
      ['controlFrame'],
      ['closed', 1006, ''],
    ])
    expect(unfinished.size).toBe(0)
    expect(told[1]?.[1]).not.toBeInstanceOf(Buffer)
  })

  it.each([
    ['at once', false, 1],
    ['one in each turn, for a listener that waits for its own', true, 20],
  ])('tells messages that were read together %s', async (_, isWaiting, turns) => {
    const server = new WebSocketServer({ port: 0 })
    const client = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`)
    const [ws] = (await once(server, 'connection')) as [WebSocket]
    let turn = 0
    const toldIn: number[] = []
    const listener = { message: () => toldIn.push(turn), controlFrame() {}, closed() {}, late() {}, isWaiting }
    listenToWs(ws, listener, new UnfinishedMessages(100))
    const count = () => {
      turn++
      if (toldIn.length < 20) setImmediate(count)
    }
    if (client.readyState !== client.OPEN) await once(client, 'open')
    setImmediate(count)
    // One write, so that it is read as one.
    const { _socket } = client as unknown as { readonly _socket: Socket }
    _socket.cork()
    for (let n = 0; n < 20; n++) client.send('x')
    _socket.uncork()
    while (toldIn.length < 20) await new Promise(setImmediate)
    expect(new Set(toldIn).size).toBe(turns)
    client.terminate()
    server.close()
  })
})
