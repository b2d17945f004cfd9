import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from './ring.ts'

/** The same by hand: every message ever pushed, and how many of them are forgotten. */
class Model {
  readonly pushed: string[] = []
  base = 1

  get tail(): number {
    return this.pushed.length + 1
  }

  at(number: number): string | undefined {
    return number >= this.base ? this.pushed[number - 1] : undefined
  }

  trim(base: number): void {
    this.base = Math.max(this.base, Math.min(base, this.tail))
  }

  get characters(): number {
    return this.pushed.slice(this.base - 1).join('').length
  }
}

describe('a ring', () => {
  it('keeps exactly the messages from its base to its tail', () => {
    const push = fc.record({ messages: fc.array(fc.string({ maxLength: 4 }), { maxLength: 600, size: 'max' }) })
    const trim = fc.record({ by: fc.integer({ min: -3, max: 700 }) })
    fc.assert(
      fc.property(fc.array(fc.oneof(push, trim), { maxLength: 12, size: 'max' }), (commands) => {
        const ring = new Ring()
        const model = new Model()
        for (const command of commands) {
          if ('by' in command) {
            const base = model.base + command.by
            ring.trim(base)
            model.trim(base)
          } else {
            for (const message of command.messages) {
              ring.push(message)
              model.pushed.push(message)
            }
          }
          expect([ring.base, ring.tail, ring.characters]).toEqual([model.base, model.tail, model.characters])
          for (let number = Math.max(0, model.base - 2); number <= model.tail + 1; number++) {
            if (ring.at(number) !== model.at(number)) throw new Error(`another message at ${number}`)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('gives its room back once everything in it is forgotten, and goes on counting', () => {
    const ring = new Ring()
    for (let i = 1; i <= 5000; i++) ring.push(`m${i}`)
    ring.trim(5001)
    ring.push('next')
    expect([ring.base, ring.tail, ring.at(5001), ring.characters]).toEqual([5001, 5002, 'next', 4])
    expect(ring.room).toBeLessThanOrEqual(256)
  })

  it('takes no room before its first message', () => {
    expect(new Ring().room).toBe(0)
  })

  it('F11: gives the room of a burst back though it is never empty again', () => {
    const ring = new Ring()
    for (let i = 1; i <= 16_384; i++) ring.push(`m${i}`)
    expect(ring.room).toBe(16_384)
    for (let i = 0; i < 17_000; i++) {
      ring.push('trickle')
      ring.trim(ring.base + 2)
      if (ring.tail - ring.base < 3) ring.push('another')
    }
    expect(ring.tail - ring.base).toBeGreaterThan(0)
    expect(ring.room).toBeLessThanOrEqual(256)
  })

  it('allocates nothing for a steady trickle', () => {
    const ring = new Ring()
    for (let i = 0; i < 200; i++) ring.push('burst')
    const { room } = ring
    for (let i = 0; i < 1_000; i++) {
      ring.trim(ring.tail)
      ring.push('one')
      expect(ring.room).toBe(room)
    }
  })
})
