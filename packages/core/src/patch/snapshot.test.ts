import { describe, expect, it } from 'vitest'
import { Effort } from './effort.ts'
import { isSame } from './is-same.ts'
import { snapshot } from './snapshot.ts'

class Money {
  cents = 1
}

class Key extends Uint8Array {}

describe('a snapshot', () => {
  it('is the same as its value, and stays as it is whatever becomes of that', () => {
    const state = {
      list: [{ at: new Date(0) }],
      map: new Map([['a', { n: 1 }]]),
      set: new Set([1]),
      url: new URL('https://a.example'),
      bytes: new Uint8Array([1]),
      floats: new Float64Array([1]),
      buffer: new ArrayBuffer(1),
    }
    const kept = snapshot(state) as typeof state
    expect(kept).toStrictEqual(state)
    expect(isSame(kept, state, new Effort(100))).toBe(true)
    state.list.push({ at: new Date(1) })
    state.list[0]?.at.setTime(5)
    const inMap = state.map.get('a')
    if (inMap !== undefined) inMap.n = 2
    state.set.add(2)
    state.url.pathname = '/b'
    state.bytes[0] = state.floats[0] = new Uint8Array(state.buffer)[0] = 9
    expect(kept).toStrictEqual({
      list: [{ at: new Date(0) }],
      map: new Map([['a', { n: 1 }]]),
      set: new Set([1]),
      url: new URL('https://a.example'),
      bytes: new Uint8Array([1]),
      floats: new Float64Array([1]),
      buffer: new ArrayBuffer(1),
    })
  })

  it('has values of other classes as they are', () => {
    const [money, key] = [new Money(), new Key([1])]
    expect((snapshot([money, key]) as unknown[])[0]).toBe(money)
    expect((snapshot([money, key]) as unknown[])[1]).toBe(key)
  })

  it("copies Node's buffers, which an application may go on writing to", () => {
    const buffer = Buffer.from('abc')
    const kept = snapshot({ buffer }) as { buffer: Buffer }
    buffer.write('x')
    expect([Buffer.isBuffer(kept.buffer), kept.buffer.toString(), kept.buffer.buffer.byteLength]).toEqual([
      true,
      'abc',
      3,
    ])
    expect(isSame(kept, { buffer }, new Effort(100))).toBe(false)
  })

  it('refuses what refers to itself, as sending it would', () => {
    const self: unknown[] = []
    self.push(self)
    expect(() => snapshot(self)).toThrow('nested more than 64 deep, or refers to itself')
  })
})
