import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { formatCall, formatPiece } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { encodeInline, encodeUndefined, encodeValue } from './encode-value.ts'

const { messageBytes, pieceCharacters, frameBytes } = PROTOCOL_LIMITS

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (thrown) {
    return thrown
  }
}

describe('a value in a message', () => {
  it('is left out where it is undefined and nothing follows, and stands where something does', () => {
    expect(encodeValue(superjsonCodec, undefined)).toBeUndefined()
    expect(encodeUndefined(superjsonCodec)).toMatchObject({ json: 'null' })
  })

  it('may fill a message but for the room that the rest of it needs, counted in bytes', () => {
    const fits = encodeInline(superjsonCodec, 'ü'.repeat(messageBytes / 2 - 5_000))
    const message = formatCall(Number.MAX_SAFE_INTEGER, 'p'.repeat(256), fits, '"timeoutMs":2147483647')
    expect(new TextEncoder().encode(message).length).toBeLessThan(messageBytes)
    const error = thrownBy(() => encodeValue(superjsonCodec, 'ü'.repeat(messageBytes / 2)))
    expect(error).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining(`${messageBytes + 2} bytes`) })
    expect(encodeValue(superjsonCodec, 'x'.repeat(messageBytes - 10_000))).toBeDefined()
  })

  it('goes in pieces that fit a frame, even if each character needs six', () => {
    const piece = formatPiece('\u0001'.repeat(pieceCharacters), false)
    expect(new TextEncoder().encode(piece).length + 40).toBeLessThan(frameBytes)
  })

  it.each([
    ['an error', new TypeError('no'), 'no'],
    ['null', null, 'The value could not be encoded.'],
    ['an error that throws where it is looked at', evilError(), 'What was thrown could not be read.'],
  ])('D12: fails by name where a getter throws %s', (_, thrown, message) => {
    const value = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw thrown
      },
    })
    const error = thrownBy(() => encodeValue(superjsonCodec, value))
    expect(error).toMatchObject({ code: 'NOT_ENCODABLE', message: expect.stringContaining(message) })
  })
})

function evilError(): Error {
  return Object.defineProperty(new Error(), 'message', {
    get: () => {
      throw new Error('from its message')
    },
  })
}
