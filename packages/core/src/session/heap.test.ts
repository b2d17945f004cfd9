import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Heap } from './heap.ts'

describe('a heap', () => {
  it('gives what was put in as a sorted list would, whatever was taken out between', () => {
    const command = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant('take' as const))
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300, size: 'max' }), (commands) => {
        const heap = new Heap<number>((one, other) => one < other)
        const model: number[] = []
        for (const given of commands) {
          if (given === 'take') {
            expect(heap.shift()).toBe(model.shift())
          } else {
            heap.push(given)
            model.push(given)
            model.sort((one, other) => one - other)
          }
          expect([heap.size, heap.first]).toEqual([model.length, model[0]])
        }
      }),
    )
  })

  it('is empty once all was taken out', () => {
    const heap = new Heap<number>((one, other) => one < other)
    for (const number of [3, 1, 2]) heap.push(number)
    expect(heap.takeAll().sort()).toEqual([1, 2, 3])
    expect([heap.size, heap.first, heap.shift()]).toEqual([0, undefined, undefined])
  })
})
