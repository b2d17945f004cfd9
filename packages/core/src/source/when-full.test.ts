import { describe, expect, it } from 'vitest'
import { fromEvent } from './from-event.ts'
import { source } from './source.ts'
import { topic } from './topic.ts'
import { capacityOf } from './when-full.ts'

describe('the capacity of a reader', () => {
  it('is 256 items where nothing is said, and one of "latest"', () => {
    expect(capacityOf({ whenFull: 'drop-oldest' })).toBe(256)
    expect(capacityOf({ whenFull: 'latest' })).toBe(1)
    expect(capacityOf({ whenFull: 'latest', capacity: 1 })).toBe(1)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %s', (capacity) => {
    const options = { whenFull: 'fail', capacity } as const
    const message = `"capacity" is ${capacity}: give a whole number of items from 1.`
    // Where the options stand, not where they are read.
    expect(() => source(() => {}, options)).toThrow(message)
    expect(() => fromEvent(new EventTarget(), 'changed', options)).toThrow(message)
    expect(() => topic().subscribe(options)).toThrow(message)
  })

  it.each([undefined, 'drop-newest', 'toString'])('has no policy %s', (whenFull) => {
    const message = `"whenFull" is ${whenFull}: give block, drop-oldest, latest, fail`
    expect(() => source(() => {}, { whenFull } as never)).toThrow(message)
  })

  it('is asked for where there are no options at all', () => {
    const message = '"whenFull" is undefined: give block, drop-oldest, latest, fail'
    expect(() => source(() => {}, undefined as never)).toThrow(message)
    expect(() => fromEvent(new EventTarget(), 'changed', undefined as never)).toThrow(message)
    expect(() => topic().subscribe(undefined as never)).toThrow(message)
  })

  it('cannot be more than one of "latest"', () => {
    expect(() => capacityOf({ whenFull: 'latest', capacity: 2 })).toThrow('use "drop-oldest"')
  })
})
