import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Attached, type BinaryFrame, formatBinaryFrame } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { binaryMessage } from './binary-message.ts'

/** A frame whose messages have attachments of these lengths, each attachment with bytes of its own. */
function frameOf(text: string, ...messages: readonly (readonly number[])[]): BinaryFrame {
  let last = 0
  const placed = messages.map((lengths, index) => ({
    index,
    message: new Attached(
      '',
      lengths.map((length) => new Uint8Array(length).fill(++last)),
    ),
  }))
  return { text, placed }
}

/** What it has beside the bytes of one attachment of one message. */
const BESIDE = 4 + '[1,0,0]'.length + 8

/** What it says of the payload's length. */
function headOf(bytes: number): string {
  const [first] = binaryMessage(frameOf('[1,0,0]', [bytes - BESIDE]))
  const all = Buffer.from(first ?? [])
  return all.subarray(0, all.indexOf(Buffer.from([0, 0, 0, 7, 91]))).toString('hex')
}

describe('a binary message', () => {
  it('has the bytes of the frame for a reader that checks each, wherever they lie', async () => {
    const lengths = [
      0,
      1,
      125 - BESIDE,
      126 - BESIDE,
      16 * 1024 - 1,
      16 * 1024,
      65_535 - BESIDE,
      65_536 - BESIDE,
      90_000,
    ]
    const frames = [
      ...lengths.map((length) => frameOf('[1,0,0]', [length])),
      ...['ü', '\u20ac', '\ud800', '\u{1f600}'].map((text) => frameOf(`[1,0,"${text}"]`, [3], [20_000])),
      frameOf('[1,0,0,0,0]', [1, 20_000, 2], [], [30_000, 0, 30_001, 5]),
      frameOf('[1,0,0]', Array(200).fill(3)),
    ]
    const http = createServer().listen(0)
    const sockets = new WebSocketServer({ noServer: true })
    http.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, () => {
        for (const frame of frames) for (const part of binaryMessage(frame)) socket.write(part)
      })
    })
    const client = new WebSocket(`ws://localhost:${(http.address() as AddressInfo).port}`)
    const got: unknown[] = []
    client.on('message', (data: Buffer, isBinary) => {
      got.push(isBinary && data.toString('hex'))
      if (got.length === frames.length) client.close()
    })
    await once(client, 'close')
    expect(got).toEqual(frames.map((frame) => Buffer.from(formatBinaryFrame(frame)).toString('hex')))
    http.close()
  })

  it('copies nothing of a large attachment', () => {
    const frame = frameOf('[1,0,0,0]', [20_000, 5], [30_000])
    const large = frame.placed.flatMap(({ message }) => message.attachments.filter((bytes) => bytes.length > 5))
    const parts = binaryMessage(frame)
    expect(parts.filter((_, index) => index % 2 === 1)).toEqual(large)
    expect(parts[1]).toBe(large[0])
    expect(parts[3]).toBe(large[1])
  })

  it.each([
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('says the length of %i bytes in as few as it may (RFC 6455, 5.2)', (bytes, head) => {
    expect(headOf(bytes)).toBe(head)
  })
})
