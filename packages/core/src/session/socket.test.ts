import { expect, it } from 'vitest'
import type { BinaryFrame } from '../protocol/binary-frame.ts'
import { formatBinaryFrame } from '../protocol/binary-frame.ts'
import { Attached } from '../protocol/packed.ts'
import { type Socket, sendFrame } from './socket.ts'

const FRAME: BinaryFrame = {
  text: '[1,0,["result",1,0]]',
  placed: [{ index: 0, message: new Attached('["result",1,0]', [new Uint8Array([1, 2, 3])]) }],
}

/** A socket that notes what it is given. */
function setUp(takesBinaryFrames: boolean) {
  const sent: unknown[] = []
  const nothing = () => {}
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => sent.push(frame),
    close: nothing,
    abort: nothing,
    pauseReading: nothing,
    ...(takesBinaryFrames && { sendBinary: (frame) => sent.push(frame) }),
  }
  return { socket, sent }
}

it('a frame goes as it is to a socket that takes it so, and as bytes to any other', () => {
  for (const [takesBinaryFrames, binary] of [
    [true, FRAME],
    [false, formatBinaryFrame(FRAME)],
  ] as const) {
    const { socket, sent } = setUp(takesBinaryFrames)
    sendFrame(socket, '[1,0,["cancel",1]]')
    sendFrame(socket, FRAME)
    expect(sent).toEqual(['[1,0,["cancel",1]]', binary])
  }
})
