import { EncodeError, superjsonCodec } from '@hotline/core/internal'
import { hashKey, partialMatchKey } from '@tanstack/query-core'
import { describe, expect, it } from 'vitest'
import { entryKey, pathKey } from './query-key.ts'

const settings = { prefix: undefined, codec: superjsonCodec, names: ['tasks', 'list'] }

function keyOf(input?: unknown) {
  return entryKey(settings, 'query', input)
}

describe('a key', () => {
  it('is the path, then what is cached of it for which input', () => {
    expect(keyOf()).toEqual([['tasks', 'list'], { type: 'query' }])
    expect(keyOf({ done: true })).toEqual([['tasks', 'list'], { type: 'query', input: { done: true } }])
    expect(entryKey({ ...settings, prefix: 'admin', names: ['ping'] }, 'live')).toEqual([
      'admin',
      ['ping'],
      { type: 'live' },
    ])
  })

  it.each([
    ['BigInts', { id: 1n }, { id: 2n }],
    ['a BigInt and its digits', { id: 1n }, { id: '1' }],
    ['maps', new Map([[1, 'a']]), new Map([[2, 'a']])],
    ['sets', new Set([1]), new Set([2])],
    ['dates', { at: new Date(1) }, { at: new Date(2) }],
    ['a date and its text', { at: new Date(0) }, { at: new Date(0).toISOString() }],
    ['bytes', new Uint8Array([1]), new Uint8Array([2])],
    ['null and nothing', null, undefined],
    ['skipToken and nothing', Symbol('skip'), undefined],
  ])('tells apart %s', (_, one, other) => {
    expect(hashKey(keyOf(one))).not.toBe(hashKey(keyOf(other)))
    expect(hashKey(keyOf(one))).toBe(hashKey(keyOf(one)))
  })

  it('is the same whatever the order of fields, and for fields that are undefined', () => {
    expect(hashKey(keyOf({ a: 1, at: new Date(0) }))).toBe(hashKey(keyOf({ at: new Date(0), a: 1 })))
    expect(hashKey(keyOf({ a: 1, b: undefined }))).toBe(hashKey(keyOf({ a: 1 })))
    expect(hashKey(keyOf({ a: [{ b: undefined, c: 5n }] }))).toBe(hashKey(keyOf({ a: [{ c: 5n }] })))
  })

  it('is plain JSON, so that it may be hydrated and persisted', () => {
    const key = keyOf({ at: new Date(0), ids: new Set([1n]), by: new Map([['a', { b: Number.NaN }]]) })
    expect(JSON.parse(JSON.stringify(key))).toEqual(key)
  })

  it('is found by its path, by those above it, and by a part of its input', () => {
    const key = keyOf({ id: 5n, at: new Date(0), more: true })
    for (const part of [keyOf(), keyOf({ id: 5n }), keyOf({ more: true }), keyOf({ at: new Date(0) })]) {
      expect(partialMatchKey(key, part)).toBe(true)
    }
    for (const names of [['tasks', 'list'], ['tasks'], []]) {
      expect(partialMatchKey(key, pathKey({ ...settings, names }))).toBe(true)
    }
    for (const other of [keyOf({ id: 6n }), pathKey({ ...settings, names: ['list'] })]) {
      expect(partialMatchKey(key, other)).toBe(false)
    }
  })

  it('refuses an input that could not be sent', () => {
    expect(() => keyOf({ call: () => {} })).toThrow(/"?call"?/)
    const endless: { next?: object } = {}
    endless.next = endless
    expect(() => keyOf(endless)).toThrow(EncodeError)
  })
})
