import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Queue } from './queue.ts'

describe('a queue', () => {
  it('gives what an array would give, however pushes and shifts are mixed', () => {
    // Runs of up to 1,500 cross the place where the queue cuts off its used head.
    const run = fc.record({ pushes: fc.nat(1500), shifts: fc.nat(1500) })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12, size: 'max' }), (runs) => {
        const queue = new Queue<number>()
        const model: number[] = []
        let next = 0
        for (const { pushes, shifts } of runs) {
          for (let i = 0; i < pushes; i++) {
            queue.push(next)
            model.push(next++)
          }
          for (let i = 0; i < shifts; i++) if (queue.shift() !== model.shift()) return false
          if (queue.size !== model.length) return false
        }
        return true
      }),
      { numRuns: 60 },
    )
  })

  it('is empty again after its last entry, and takes new ones', () => {
    const queue = new Queue<string>()
    queue.push('a')
    expect([queue.shift(), queue.shift(), queue.size]).toEqual(['a', undefined, 0])
    queue.push('b')
    expect([queue.size, queue.shift()]).toEqual([1, 'b'])
  })

  it('is as new when it was cleared', () => {
    const queue = new Queue<string>()
    for (const entry of ['a', 'b', 'c', 'd']) queue.push(entry)
    queue.shift()
    queue.shift()
    queue.clear()
    expect([queue.size, queue.peek(), queue.shift()]).toEqual([0, undefined, undefined])
    for (const entry of ['e', 'f', 'g']) queue.push(entry)
    expect([queue.shift(), queue.shift(), queue.shift(), queue.size]).toEqual(['e', 'f', 'g', 0])
  })
})
