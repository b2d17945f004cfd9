import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fromEvent } from './from-event.ts'

describe('the events of an emitter', () => {
  it('are the first values they are emitted with, or what "map" makes of all', async () => {
    const emitter = new EventEmitter()
    const names = fromEvent<string>(emitter, 'named', { whenFull: 'fail' })[Symbol.asyncIterator]()
    const pairs = fromEvent(emitter, 'named', { whenFull: 'fail', map: (name: string, age: number) => ({ name, age }) })
    const both = pairs[Symbol.asyncIterator]()
    emitter.emit('named', 'ann', 7)
    expect([await names.next(), await both.next()]).toEqual([
      { done: false, value: 'ann' },
      { done: false, value: { name: 'ann', age: 7 } },
    ])
    await Promise.all([names.return(), both.return()])
  })

  it('may be those of an EventTarget', async () => {
    const target = new EventTarget()
    const details = fromEvent(target, 'changed', {
      whenFull: 'fail',
      map: (event: CustomEvent<number>) => event.detail,
    })
    const reader = details[Symbol.asyncIterator]()
    target.dispatchEvent(new CustomEvent('changed', { detail: 7 }))
    expect(await reader.next()).toEqual({ done: false, value: 7 })
    await reader.return()
    target.dispatchEvent(new CustomEvent('changed', { detail: 8 }))
    expect(await reader.next()).toEqual({ done: true })
  })

  it('fail their own reader where "map" throws, and not whoever emits', async () => {
    const emitter = new EventEmitter()
    const map = (): number => {
      throw new Error('not a number')
    }
    const reader = fromEvent(emitter, 'changed', { whenFull: 'fail', map })[Symbol.asyncIterator]()
    expect(emitter.emit('changed', 'x')).toBe(true)
    await expect(reader.next()).rejects.toThrow('not a number')
    expect(emitter.listenerCount('changed')).toBe(0)
  })

  it('E19: have no listener before they are read, one for each reader, and none when all have left', async () => {
    const emitter = new EventEmitter()
    const events = fromEvent<number>(emitter, 'changed', { whenFull: 'latest' })
    expect(emitter.listenerCount('changed')).toBe(0)
    const readers = Array.from({ length: 10 }, () => events[Symbol.asyncIterator]())
    expect(emitter.listenerCount('changed')).toBe(10)
    await Promise.all(readers.map((reader) => reader.return()))
    expect(emitter.listenerCount('changed')).toBe(0)
  })

  it('E2: reach a reader that comes and goes 600 times exactly while it is there', async () => {
    const emitter = new EventEmitter()
    const events = fromEvent<number>(emitter, 'changed', { whenFull: 'fail' })
    for (let round = 0; round < 600; round++) {
      emitter.emit('changed', -1)
      const reader = events[Symbol.asyncIterator]()
      emitter.emit('changed', round)
      const leaves = round % 3 === 0
      if (leaves) await reader.return()
      emitter.emit('changed', round + 1)
      expect(await reader.next()).toEqual(leaves ? { done: true } : { done: false, value: round })
      if (!leaves) expect(await reader.next()).toEqual({ done: false, value: round + 1 })
      await reader.return()
    }
    expect(emitter.listenerCount('changed')).toBe(0)
  })
})
