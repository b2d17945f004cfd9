import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { FRAMED_CHARACTERS, textFrame } from './text-frame.ts'

it('is a text message for a reader that checks each frame, whatever its length', async () => {
  const lengths = [0, 1, 41, 42, 62, 63, 124, 125, 126, 127, 255, 256, FRAMED_CHARACTERS]
  const texts = lengths.flatMap((length) => ['x', 'ü', '\u20ac', '\ud800'].map((character) => character.repeat(length)))
  const http = createServer().listen(0)
  const sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, () => {
      for (const text of texts) socket.write(textFrame(text))
    })
  })
  const client = new WebSocket(`ws://localhost:${(http.address() as AddressInfo).port}`)
  const got: string[] = []
  client.on('message', (data, isBinary) => {
    got.push(isBinary ? 'bytes' : data.toString())
    if (got.length === texts.length) client.close()
  })
  await once(client, 'close')
  // What is no character is written as U+FFFD.
  expect(got).toEqual(texts.map((text) => Buffer.from(text).toString()))
  http.close()
})

it.each([
  [125, '817d'],
  [126, '817e007e'],
])('says the length of %i bytes in as few as it may (RFC 6455, 5.2)', (bytes, head) => {
  expect(textFrame('x'.repeat(bytes)).toString('hex')).toBe(head + '78'.repeat(bytes))
})
