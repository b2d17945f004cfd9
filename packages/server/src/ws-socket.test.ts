import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { listenToWs, wsSocket } from './ws-socket.ts'

/** The border: a socket of ws that notes what is done with it. */
function setUp() {
  const done: unknown[][] = []
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void done.push([name, ...args])
  const methods = ['send', 'close', 'terminate', 'pause', 'resume'].map((name) => [name, note(name)])
  const ws = Object.assign(new EventEmitter(), Object.fromEntries(methods), { bufferedAmount: 7 })
  return { done, ws, socket: wsSocket(ws as unknown as WebSocket) }
}

describe('a socket on ws', () => {
  it('does what it is told', () => {
    const { done, socket } = setUp()
    socket.send('["bye"]')
    socket.send(new Uint8Array([1, 2]))
    socket.close(4400, 'why')
    socket.abort()
    socket.pauseReading(true)
    socket.pauseReading(false)
    expect(done).toEqual([
      ['send', '["bye"]'],
      ['send', new Uint8Array([1, 2])],
      ['close', 4400, 'why'],
      ['terminate'],
      ['pause'],
      ['resume'],
    ])
    expect(socket.bufferedBytes).toBe(7)
  })

  it('tells of messages and its close, and of an error only that close', () => {
    const { ws } = setUp()
    const told: unknown[][] = []
    listenToWs(ws as unknown as WebSocket, {
      message: (frame) => told.push(['message', frame]),
      closed: (code, reason) => told.push(['closed', code, reason]),
    })
    ws.emit('message', Buffer.from('["ü"]'), false)
    ws.emit('message', Buffer.from([0, 1, 2]).subarray(1), true)
    ws.emit('error', new Error('ECONNRESET'))
    ws.emit('close', 1006, Buffer.from(''))
    expect(told).toEqual([
      ['message', '["ü"]'],
      ['message', new Uint8Array([1, 2])],
      ['closed', 1006, ''],
    ])
    expect(told[1]?.[1]).not.toBeInstanceOf(Buffer)
  })
})
