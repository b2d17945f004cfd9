import { describe, expect, it } from 'vitest'
import { Window } from './window.ts'

const KIB = 1024

describe('the window', () => {
  it('doubles up to 512 KiB while it is filled and acknowledged soon', () => {
    const sizes = [1, 2, 3, 5].map((rounds) => afterRounds(rounds, { held: 600 * KIB, ageMs: 100 }))
    expect(sizes).toEqual([256 * KIB, 512 * KIB, 512 * KIB, 512 * KIB])
  })

  it('stays as it is where the application has less to say', () => {
    expect(afterRounds(5, { held: KIB, ageMs: 100 })).toBe(128 * KIB)
  })

  it('shrinks to 96 KiB where acknowledgements come late', () => {
    expect(afterRounds(5, { held: 600 * KIB, ageMs: 2_000 })).toBe(96 * KIB)
  })

  it('is halved by each acknowledgement that comes late', () => {
    const window = new Window()
    const sizes = [100, 100, 2_000, 2_000, 2_000].map((ageMs, index) => {
      window.written(index + 1, 600 * KIB, 0)
      window.acknowledged(index + 1, ageMs)
      return window.characters / KIB
    })
    expect(sizes).toEqual([256, 512, 256, 128, 96])
  })

  it('is timed by one message at a time: others behind it do not put that off', () => {
    const window = new Window()
    window.written(1, KIB, 0)
    window.written(2, KIB, 1_000)
    window.acknowledged(1, 1_600)
    expect(window.characters).toBe(96 * KIB)
  })

  it('takes a line for quick once much that was out together is acknowledged soon, and until an acknowledgement comes late', () => {
    const window = new Window()
    const acknowledge = (held: number, ageMs: number) => {
      window.written(1, held, 0)
      window.acknowledged(1, ageMs)
      return window.isQuick
    }
    expect([window.isQuick, acknowledge(KIB, 10), acknowledge(32 * KIB, 1_000)]).toEqual([false, false, false])
    expect([acknowledge(32 * KIB, 700), acknowledge(KIB, 1_000)]).toEqual([true, true])
    expect(acknowledge(KIB, 2_000)).toBe(false)
  })

  it('counts what was out with the message that is timed, not what was written behind it', () => {
    const window = new Window()
    window.written(1, KIB, 0)
    window.written(2, 64 * KIB, 0)
    window.acknowledged(1, 10)
    expect(window.isQuick).toBe(false)
  })

  it('knows nothing of another connection', () => {
    const window = new Window()
    window.written(1, 64 * KIB, 0)
    window.acknowledged(1, 10)
    window.begin()
    expect(window.isQuick).toBe(false)
  })

  it('does not take the time without a connection for slowness', () => {
    const window = new Window()
    window.written(1, KIB, 0)
    window.begin()
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
