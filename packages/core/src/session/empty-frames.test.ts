import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { EmptyFrames } from './empty-frames.ts'
import { Floods } from './floods.ts'

const { windowCharacters } = PROTOCOL_LIMITS

/** A peer that may send nothing at all that is empty. */
function setUp() {
  const none = { perSecond: 0, burst: 0 }
  const frames = new EmptyFrames(new Floods({ opens: none, controls: none }, { now: () => 0 }))
  frames.begin()
  return frames
}

describe('a frame that acknowledges nothing', () => {
  it('X24: and is a lone "ack" or "pong" carries nothing', () => {
    expect(() => setUp().check(['ack', 3], 9, 3)).toThrow('A frame "ack" came')
    expect(() => setUp().check(['pong', 3], 10, 3)).toThrow('A frame "pong" came')
  })

  it('carries something where it is the first to name the greeting', () => {
    const frames = setUp()
    frames.check(['ack', 0, 1], 9, 0)
    expect(() => frames.check(['ack', 0, 1], 9, 0)).toThrow('A frame "ack" came')
  })

  it('carries something where one of its messages is new', () => {
    const frames = setUp()
    for (let index = 0; index < 1_000; index++) frames.check([2, 0, ['cancel', 1], ['cancel', 1]], windowCharacters, 2)
  })

  it('X24: and repeats known messages is free for a window of them on each connection', () => {
    const frames = setUp()
    const repeat = () => frames.check([1, 0, ['cancel', 1], ['cancel', 1]], windowCharacters / 4, 2)
    for (let connection = 0; connection < 3; connection++) {
      frames.begin()
      for (let index = 0; index < 4; index++) repeat()
      expect(repeat).toThrow('A frame of messages that came before came')
    }
  })
})
