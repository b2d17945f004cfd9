import { describe, expect, it } from 'vitest'
import { classify, MAX_DEPTH } from './classify.ts'

/** `depth` arrays around each other. */
function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

function cyclic(): object {
  const value: Record<string, unknown> = {}
  value.self = value
  return value
}

class Point {
  readonly x = 1
}

describe('classify', () => {
  it.each([
    ['text', 'x'],
    ['numbers that JSON has', [0, -1, 1.5, Number.MAX_VALUE, 5e-324]],
    ['null, booleans and empty containers', [null, true, false, {}, []]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['the same object twice', Array(2).fill({ a: [1] })],
    ['names that are methods of every object', { constructor: 1, toString: 'x', hasOwnProperty: null }],
    ['what stands 64 deep', nested(MAX_DEPTH)],
  ])('finds plain: %s', (_, value) => expect(classify(value)).toBe('plain'))

  it.each([
    ['undefined', undefined],
    ['undefined as a member', { a: undefined }],
    ['a hole in an array', [new Array(1)]],
    ['minus zero', -0],
    ['numbers that JSON lacks', [Number.NaN, Number.NEGATIVE_INFINITY]],
    ['a bigint', 1n],
    ['an error', new RangeError('x')],
    ['collections', [new Map([[{}, new Set([1])]])]],
    ['a date far inside', { a: [{ b: new Date(0) }] }],
    ['a URL and bytes', [new URL('https://a.example'), new Uint8Array(2)]],
  ])('finds rich: %s', (_, value) => expect(classify(value)).toBe('rich'))

  it.each([
    ['X13: a BigInt of too many digits', [-(10n ** 1_024n)], '[0]', 'more than 1,024 digits'],
    ['X14: an expression', { find: /x/ }, '.find', 'is a RegExp'],
    ['a function', { a: [0, { b: () => 1 }] }, '.a[1].b', 'is a function'],
    ['a symbol', [Symbol('x')], '[0]', 'is a symbol'],
    ['a method that would turn it into JSON', { toJSON: () => 1 }, '.toJSON', 'is a function'],
    ['an instance of a class', { at: new Point() }, '.at', 'is a Point, which has no registered encoding'],
    ['a boxed number', { n: Object(1) }, '.n', 'is a Number, which has no registered encoding'],
    ['a promise', [Promise.resolve()], '[0]', 'is a Promise, which has no registered encoding'],
    ['an instance of a class of bytes', [new (class Pixels extends Float32Array {})(1)], '[0]', 'is a Pixels'],
    ['an invalid date', { at: new Date(Number.NaN) }, '.at', 'is an invalid Date'],
    ['a value in a map', { m: new Map([['k', () => 1]]) }, '.m', 'is a function'],
    ['a key of a map', new Map([[Symbol('k'), 1]]), '', 'is a symbol'],
    ['a member of a set', [new Set([new WeakMap()])], '[0]', 'is a WeakMap, which has no registered encoding'],
    ['an own key __proto__', JSON.parse('{"a":{"__proto__":1}}'), '.a.__proto__', 'prototypes are polluted'],
  ])('refuses %s by its place', (_, value, path, reason) => {
    expect(classify(value)).toEqual({ path, reason: expect.stringContaining(reason) })
  })

  it('prefers the refusal over what is merely rich beside it', () => {
    expect(classify([new Date(0), () => 1])).toMatchObject({ path: '[1]' })
  })

  it('refuses what stands deeper than 64, and so whatever contains itself', () => {
    expect(classify(nested(MAX_DEPTH + 1))).toMatchObject({ path: '[0]'.repeat(MAX_DEPTH) })
    expect(classify(cyclic())).toMatchObject({ reason: 'is nested more than 64 deep, or refers to itself' })
    const map = new Map<string, unknown>()
    map.set('self', [map])
    expect(classify(map)).toMatchObject({ reason: 'is nested more than 64 deep, or refers to itself' })
  })
})
