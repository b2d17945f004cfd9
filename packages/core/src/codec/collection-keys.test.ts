import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areSpread } from './collection-keys.ts'
import { superjsonCodec } from './superjson-codec.ts'

const many = <Key>(count: number, key: (index: number) => Key) =>
  Array.from({ length: count }, (_, index) => key(index))

/** The first keys that V8 puts into one of 32,768 buckets. */
function colliding<Key>(count: number, hash: (key: Key) => number, key: (index: number) => Key): Key[] {
  const found: Key[] = []
  for (let index = 0; found.length < count; index++) {
    const tried = key(index)
    if ((hash(tried) & 0x7fff) === 7) found.push(tried)
  }
  return found
}

// V8's functions once more, as it has them: with BigInts in place of its integers.

const bits = (length: number, value: bigint) => BigInt.asUintN(length, value)

function shortHash(key: number): number {
  let hash = bits(32, BigInt(key))
  hash = bits(32, ~hash + (hash << 15n))
  hash ^= hash >> 12n
  hash = bits(32, hash + (hash << 2n))
  hash ^= hash >> 4n
  hash = bits(32, hash * 2_057n)
  return Number((hash ^ (hash >> 16n)) & 0x3fff_ffffn)
}

function longHash(key: bigint): number {
  let hash = bits(64, key)
  hash = bits(64, ~hash + (hash << 18n))
  hash ^= hash >> 31n
  hash = bits(64, hash * 21n)
  hash ^= hash >> 11n
  hash = bits(64, hash + (hash << 6n))
  return Number((hash ^ (hash >> 22n)) & 0x3fff_ffffn)
}

function doubleHash(key: number): number {
  return longHash(new BigUint64Array(new Float64Array([key]).buffer)[0] ?? 0n)
}

describe('the keys of a collection', () => {
  it.each([
    ['ids in a row', many(50_000, (index) => index)],
    ['negative ones', many(50_000, (index) => -index)],
    ['ids a thousand apart', many(50_000, (index) => index * 1_000)],
    ['ids a power of two apart', many(16_000, (index) => index * 65_536)],
    ['times a minute apart', many(50_000, (index) => 1_767_225_600_000 + index * 60_000)],
    ['fractions', many(50_000, (index) => index / 8)],
    ['long ids', many(10_000, (index) => (1_767_225_600_000n << 22n) + BigInt(index << 12))],
    ['text', many(50_000, (index) => `k${index}`)],
    ['few, whatever they are', many(64, (index) => BigInt(index) << 64n)],
  ])('are spread: %s', (_, keys) => expect(areSpread(keys)).toBe(true))

  it.each([
    ['integers', colliding(200, shortHash, (index) => index)],
    [
      'integers between honest ones',
      [...many(10_000, (index) => index), ...colliding(200, shortHash, (index) => index)],
    ],
    ['negative integers', colliding(200, shortHash, (index) => -index)],
    ['fractions', colliding(200, doubleHash, (index) => index + 0.5)],
    ['large numbers', colliding(200, doubleHash, (index) => 2 ** 40 + index)],
    ['BigInts', colliding(200, longHash, (index) => BigInt(index))],
    ['BigInts that differ in their upper digits', many(200, (index) => BigInt(index) << 64n)],
  ])('X10: are an attack where they meet in one bucket: %s', (_, keys) => {
    expect(areSpread(keys)).toBe(false)
    for (const value of [new Set<unknown>(keys), new Map(keys.map((key) => [key, 1]))]) {
      const { json, meta = '' } = superjsonCodec.encode(value)
      expect(() => superjsonCodec.decode(JSON.parse(json), JSON.parse(meta))).toThrow("and isn't one")
    }
  })

  it('are spread, if nobody chose them', () => {
    const keys = fc.oneof(fc.integer(), fc.double(), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }))
    fc.assert(
      fc.property(fc.uniqueArray(keys, { minLength: 200, maxLength: 1_000 }), (unique) => {
        expect(areSpread(unique)).toBe(true)
      }),
    )
  })
})
