import { describe, expect, it } from 'vitest'
import type { Codec, Encoded } from '../codec/codec.ts'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { formatCall, formatPiece } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { encodeInline, encodeUndefined, encodeValue } from './encode-value.ts'

const { messageBytes, pieceCharacters, frameBytes, attachments } = PROTOCOL_LIMITS

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
    const most = messageBytes - 8 * 1024
    const quoted = (characters: number) => thrownBy(() => encodeValue(superjsonCodec, 'x'.repeat(characters - 2)))
    expect([quoted(most), quoted(most + 1)]).toMatchObject([{ json: expect.anything() }, { code: 'TOO_LARGE' }])
    for (const annotated of [
      ['x'.repeat(most - 50_000), Array(5_000).fill(1n)],
      ['漢'.repeat(340_000), Array(1_500).fill(1n)],
    ]) {
      expect(thrownBy(() => encodeValue(superjsonCodec, annotated))).toMatchObject({ code: 'TOO_LARGE' })
    }
  })

  it('has as many byte arrays as the other end takes', () => {
    const encoded = (count: number): Encoded => ({
      json: '0',
      meta: undefined,
      attachments: Array(count).fill(new Uint8Array(1)),
    })
    const codec = (count: number): Codec => ({ encode: () => encoded(count), decode: (json) => json })
    expect(encodeValue(codec(attachments), {})).toEqual(encoded(attachments))
    expect(thrownBy(() => encodeValue(codec(attachments + 1), {}))).toMatchObject({
      code: 'TOO_LARGE',
      message: 'The value has 10001 byte arrays in it: a message carries at most 10000.',
    })
  })

  it('is kept as its codec encodes it, where that knows no other text for what is kept', () => {
    const { encode, decode } = superjsonCodec
    expect(encodeInline({ encode, decode }, [1n])).toEqual(encodeInline(superjsonCodec, [1n]))
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
