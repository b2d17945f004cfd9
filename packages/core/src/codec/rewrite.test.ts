import { describe, expect, it } from 'vitest'
import { MAX_ANNOTATIONS, MAX_DEPTH } from './annotation.ts'
import { EncodeError } from './encode-error.ts'
import { attach, Rewriting, rewrite } from './rewrite.ts'

function rewritten(value: unknown) {
  const into = new Rewriting([], attach)
  return { json: rewrite(into, value), tree: into.tree }
}

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

describe('rewriting', () => {
  it.each([
    ['text', 'x'],
    ['numbers that JSON has', [0, -1, 1.5, Number.MAX_VALUE, 5e-324]],
    ['null, booleans and empty containers', [null, true, false, {}, []]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['the same object twice', Array(2).fill({ a: [1] })],
    ['names that are methods of every object', { constructor: 1, toString: 'x', hasOwnProperty: null }],
    ['what stands 64 deep', nested(MAX_DEPTH)],
  ])('leaves as it is: %s', (_, value) => {
    expect(rewritten(value)).toEqual({ json: value, tree: '' })
    expect(rewritten(value).json).toBe(value)
  })

  it('copies what holds something rich, and nothing beside it', () => {
    const plain = { a: [1] }
    const value = { at: new Date(0), plain, list: [plain, undefined] }
    const { json, tree } = rewritten(value)
    expect(json).toEqual({ at: '1970-01-01T00:00:00.000Z', plain, list: [plain, null] })
    expect(json).toHaveProperty('plain', plain)
    expect(JSON.parse(tree)).toEqual({ at: ['Date'], list: { 1: ['undefined'] } })
    expect(value.list).toEqual([plain, undefined])
  })

  it.each([
    ['X13: a BigInt of too many digits', [-(10n ** 1_024n)], 'at [0] has more than 1,024 digits'],
    ['X14: an expression', { find: /x/ }, 'at .find is a RegExp, which has no registered encoding'],
    ['a function', { a: [0, { b: () => 1 }] }, 'at .a[1].b is a function'],
    ['a symbol', [Symbol('x')], 'at [0] is a symbol'],
    ['a method that would turn it into JSON', { toJSON: () => 1 }, 'at .toJSON is a function'],
    ['an instance of a class', { at: new Point() }, 'at .at is a Point, which has no registered encoding'],
    ['an instance of a class of dates', { at: new (class Day extends Date {})(0) }, 'at .at is a Day'],
    ['a boxed number', { n: Object(1) }, 'at .n is a Number'],
    ['a promise', [Promise.resolve()], 'at [0] is a Promise'],
    ['an instance of a class of bytes', [new (class Pixels extends Float32Array {})(1)], 'at [0] is a Pixels'],
    ['memory that others write to', { m: new SharedArrayBuffer(1) }, 'at .m is a SharedArrayBuffer'],
    ['an invalid date', { at: new Date(Number.NaN) }, 'at .at is an invalid Date'],
    ['a value in a map', { m: new Map([['k', () => 1]]) }, 'at .m[0][1] is a function'],
    ['a key of a map', new Map([[Symbol('k'), 1]]), 'at [0][0] is a symbol'],
    ['a member of a set', [new Set([new WeakMap()])], 'at [0][0] is a WeakMap'],
    ['the cause of an error', new Error('x', { cause: () => 1 }), 'at .cause is a function'],
    ['X16: an own key __proto__', JSON.parse('{"a":{"__proto__":1}}'), 'at .a has the key "__proto__"'],
    ['X16: a date below constructor', { constructor: { at: new Date(0) } }, 'no path lead through "constructor"'],
    ['X16: a date as prototype', [{ prototype: new Date(0) }], 'at [0].prototype needs an annotation'],
  ])('refuses %s by its place', (_, value, message) => {
    expect(() => rewritten(value)).toThrow(EncodeError)
    expect(() => rewritten(value)).toThrow(message)
  })

  it('refuses bytes that were transferred', () => {
    const bytes = new Uint8Array([1, 2])
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    expect(() => rewritten({ bytes })).toThrow('at .bytes has a buffer that was transferred')
    expect(() => rewritten([bytes.buffer])).toThrow('at [0] has a buffer that was transferred')
  })

  it('refuses what stands deeper than 64, and so whatever contains itself', () => {
    expect(() => rewritten(nested(MAX_DEPTH + 1))).toThrow(`at ${'[0]'.repeat(16)}… is nested more than 64 deep`)
    expect(() => rewritten(cyclic())).toThrow('is nested more than 64 deep, or refers to itself')
    const map = new Map<string, unknown>()
    map.set('self', [map])
    expect(() => rewritten(map)).toThrow('is nested more than 64 deep, or refers to itself')
  })

  it('refuses more annotations than readers take', () => {
    const dates = Array.from({ length: MAX_ANNOTATIONS }, () => new Date(0))
    expect(() => rewritten(dates)).not.toThrow()
    expect(() => rewritten([...dates, 1n])).toThrow('at [10000] is one too many: 10000 may be other than plain JSON')
  })
})
