import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CustomType } from './custom-type.ts'
import { revive as reviveWith, type Surroundings } from './revive.ts'

const NOTHING: Surroundings = { attachments: [], types: new Map() }

const revive = (json: unknown, meta: unknown) => reviveWith(json, meta, NOTHING)

const values = (tree: unknown) => ({ values: tree, v: 1 })

/** A tree that notes the same thing `depth` deep. */
function deep(depth: number): unknown {
  return { [Array.from({ length: depth }, () => 'a').join('.')]: ['Date'] }
}

describe('reviving', () => {
  it.each([
    ['X11: shared references', [1], { referentialEqualities: { 0: ['1'] } }, 'share references'],
    ['X12: a value that contains itself', {}, { referentialEqualities: { '': ['self'] } }, 'share references'],
    ['X13: a BigInt of too many digits', '9'.repeat(1_025), values(['bigint']), 'bigint'],
    ['X13: a BigInt in words', '0x10', values(['bigint']), 'bigint'],
    ['X14: an expression', '/(a+)+$/', values(['regexp']), 'not taken from others'],
    ['X14: a class', {}, values([['class', 'User']]), 'not taken from others'],
    ['X14: a symbol', 'x', values([['symbol', 'x']]), 'not taken from others'],
    ['X14: a custom type', {}, values([['custom', 'x']]), 'The custom type "x" is not known here'],
    ['X14: a kind of names that is none', [], values([['toString', 'x']]), 'not taken from others'],
    ['X14: the name of an inherited method', {}, values(['toString']), 'not taken from others'],
    ['X15: annotations too deep', {}, values(deep(161)), '160 deep'],
    ['X15: a tree too deep', nested(5_000, '1970'), values(nested(5_000, ['Date'])), '160 deep'],
    [
      'too many annotations',
      Array(10_001).fill('1970-01-01'),
      values(Object.fromEntries(many(10_001))),
      'more than 10000',
    ],
    [
      'too many names in paths',
      JSON.parse(`${'{"a":'.repeat(149)}{${many(700).map(([key]) => `"${key}":null`)}}${'}'.repeat(149)}`),
      values(Object.fromEntries(many(700).map(([key]) => [`${'a.'.repeat(149)}${key}`, ['undefined']]))),
      'more than 100000 names',
    ],
    [
      'too many labels of hosts in other scripts',
      Array(5_001).fill('https://xn--tda.xn--tda'),
      values(Object.fromEntries(many(5_001).map(([path]) => [path, ['URL']]))),
      'more than 10000',
    ],
    ['X16: a path to a prototype', {}, values({ '__proto__.isAdmin': ['undefined'] }), '"__proto__"'],
    ['X16: a path to a constructor', {}, values({ 'constructor.prototype.isAdmin': ['undefined'] }), '"constructor"'],
    ['a path that escapes nothing', { a: 'x' }, values({ 'a\\b': ['Date'] }), 'escapes nothing'],
    ['the inside of what was revived', { a: ['1970'] }, values({ a: ['set'], 'a.0': ['Date'] }), 'not there'],
    [
      'X14: the inside of an error that was revived',
      { a: { name: 'E', message: '1970-01-01' } },
      values({ a: ['Error'], 'a.message': ['Date'] }),
      'not there',
    ],
    ['a value that is not there', { a: 1 }, values({ b: ['Date'] }), 'not there'],
    ['an inherited member', {}, values({ toString: ['undefined'] }), 'not there'],
    ['the length of an array', [1], values({ length: ['number'] }), 'not there'],
    ['the inside of a number', { a: 1 }, values({ 'a.b': ['Date'] }), 'not there'],
    ['an invalid date', 'yesterday', values(['Date']), 'Date'],
    ['a date that is a number', 0, values(['Date']), 'Date'],
    ['a number in words', '1', values(['number']), 'number'],
    ['a map that is no list of pairs', [[1]], values(['map']), 'map'],
    ['a set that is no list', {}, values(['set']), 'set'],
    ['an error that is none', 'oops', values(['Error']), 'Error'],
    ['bytes that are words', ['a'], values([['typed-array', 'Uint8Array']]), 'typed array'],
    ['an unknown typed array', [1], values([['typed-array', 'BigInt64Array']]), 'typed array'],
    ['undefined that is something', 1, values(['undefined']), 'undefined'],
    ['annotations that are no object', 1, 'Date', 'no object'],
    ['a tree that is no object', 1, values('Date'), 'no object'],
  ])('refuses %s', (_, json, meta, message) => {
    expect(() => revive(json, meta)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
    )
  })

  it('X14: changes nothing inside of what a registered type has made, which has looked at it', () => {
    class Money {
      readonly digits: string
      constructor(digits: string) {
        this.digits = digits
      }
    }
    const money = { is: (value: unknown) => value instanceof Money, encode: () => '5', decode: () => new Money('5') }
    const types: Surroundings['types'] = new Map([['Money', money as CustomType<unknown>]])
    const meta = values({ a: [['custom', 'Money']], 'a.digits': ['bigint'] })
    expect(() => reviveWith({ a: '5' }, meta, { attachments: [], types })).toThrow('not there')
  })

  it('X14: gives an error no stack but its own words', () => {
    const error = revive({ name: 'RangeError', message: 'out', stack: 'at evil (x.js)' }, values(['Error']))
    expect(error).toMatchObject({ name: 'RangeError', message: 'out', stack: 'RangeError: out' })
  })

  it('X16: touches no prototype, whatever is annotated', () => {
    const name = fc.constantFrom('a', 'b', '0', 'length', '__proto__', 'constructor', 'prototype', 'toString')
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'))
    const annotation = fc.constantFrom('undefined', 'Date', 'map', 'set', 'Error', 'bigint')
    const before = Object.getOwnPropertyNames(Object.prototype)
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(
          path,
          annotation.map((type) => [type]),
        ),
        (json, tree) => {
          try {
            revive(structuredClone(json), values(tree))
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
          }
          expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
          expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

function nested(depth: number, inmost: unknown): unknown {
  let tree: unknown = inmost
  for (let level = 0; level < depth; level++) tree = { a: tree }
  return tree
}

function many(count: number): [string, unknown][] {
  return Array.from({ length: count }, (_, index) => [String(index), ['Date']])
}
