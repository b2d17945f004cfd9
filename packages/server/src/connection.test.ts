import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import type { Socket } from '@hotline/core/internal'
import { expect, test } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { resolveOptions } from './options.ts'

const HELLO = JSON.stringify([
  'hello',
  { version: 1, client: 'client', nonce: 'nonce', generation: 1, timeoutMs: 30_000 },
])

test('a connection whose socket refuses the welcome is given up: nothing may follow an answer that never left', async () => {
  const h = hotline<object>()
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 'answer') }), resolveOptions({}))
  const events: unknown[] = []
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => {
      if (String(frame).startsWith('["welcome"')) throw new Error('The socket refuses a frame.')
      events.push(frame)
    },
    close: (code) => events.push(`close ${code}`),
    abort: () => events.push('abort'),
    pauseReading: () => {},
  }
  // The pool hands the request to `authenticate` only, and there is none.
  const listener = pool.accept(socket, {} as IncomingMessage)
  listener.message(HELLO)
  listener.message('[1,0,["call",1,"ask"]]')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(events).toEqual(['abort'])
  expect(pool.size).toBe(0)
  pool.closeAll()
})
