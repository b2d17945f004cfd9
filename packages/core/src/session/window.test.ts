import { describe, expect, it } from 'vitest'
import { Window } from './window.ts'

const KIB = 1024

describe('the window', () => {
  it('doubles up to 512 KiB while it is filled and acknowledged soon', () => {
    expect(afterRounds(5, { held: 600 * KIB, ageMs: 100 })).toBe(512 * KIB)
  })

  it('stays as it is where the application has less to say', () => {
    expect(afterRounds(5, { held: KIB, ageMs: 100 })).toBe(128 * KIB)
  })

  it('shrinks to 96 KiB where acknowledgements come late', () => {
    expect(afterRounds(5, { held: 600 * KIB, ageMs: 2_000 })).toBe(96 * KIB)
  })

  it('lets only small messages go whole where acknowledgements come late, until they come soon', () => {
    const window = new Window()
    expect(window.wholeBytes).toBe(96 * KIB)
    window.written(1, KIB, 0)
    window.acknowledged(1, 2_000)
    expect(window.wholeBytes).toBe(48 * KIB)
    window.written(2, 96 * KIB, 2_000)
    window.acknowledged(2, 2_100)
    expect(window.wholeBytes).toBe(96 * KIB)
  })

  it('lets no more calls wait in pieces than ids may be missing, even where each character has three bytes', () => {
    const window = new Window()
    window.written(1, KIB, 0)
    window.acknowledged(1, 2_000)
    // What a client lets wait, `queueCharacters`, by the ids that small calls may leave out.
    expect(window.wholeBytes / 3).toBeGreaterThanOrEqual((4 * KIB * KIB) / 256)
  })

  it('does not take the time without a connection for slowness', () => {
    const window = new Window()
    window.written(1, KIB, 0)
    window.rewound()
    window.acknowledged(1, 60_000)
    expect(window.characters).toBe(128 * KIB)
  })
})

function afterRounds(rounds: number, { held, ageMs }: { held: number; ageMs: number }): number {
  const window = new Window()
  for (let number = 1; number <= rounds; number++) {
    window.written(number, held, number * 10_000)
    window.acknowledged(number, number * 10_000 + ageMs)
  }
  return window.characters
}
