import { describe, expect, test } from 'vitest'
import { MAX_BLOCK_MS, runFuzz } from './run-fuzz.ts'
import type { Target } from './target.ts'

const keptAlive: unknown[] = []

/** Holds up the event loop for as long as it is told, each time or only once. */
function spinning(ms: number, times: number): Target {
  let left = times
  return {
    name: 'spinning',
    async run(round) {
      round.give(`for ${ms} ms`, () => {
        const until = left-- > 0 ? performance.now() + ms : 0
        while (performance.now() < until);
      })
      await round.settle()
    },
  }
}

describe('fuzzing a target', () => {
  test('goes on from seed to seed until the time is over, and counts what was handed in', async () => {
    const seeds: number[] = []
    const target: Target = {
      name: 'counting',
      async run(round) {
        seeds.push(round.random.integer(0, 2 ** 32))
        for (let left = 5; left > 0; left--) round.give('x', () => {})
        await round.settle()
      },
    }
    const { executions, seeds: range, crashes } = await runFuzz({ target, seed: 7, seconds: 0.02 })
    expect(crashes).toEqual([])
    expect(range).toEqual({ from: 7, to: 6 + seeds.length })
    expect(executions).toBe(5 * seeds.length)
    expect(new Set(seeds).size).toBe(seeds.length)
  })

  test('ends with the seed and the input of what holds up the event loop each time', async () => {
    const { crashes, longest } = await runFuzz({ target: spinning(MAX_BLOCK_MS + 10, 1_000), seed: 3, seconds: 0.01 })
    expect(crashes).toMatchObject([{ seed: 3, crashes: [{ input: `for ${MAX_BLOCK_MS + 10} ms` }] }])
    expect(crashes[0]?.crashes[0]?.what).toMatch(/the event loop stood still for \d+ ms, 7 times/)
    expect(longest).toMatchObject({ seed: 3, execution: 1 })
  })

  test('forgives what took long once: the machine was busy', async () => {
    const { crashes } = await runFuzz({ target: spinning(MAX_BLOCK_MS + 10, 1), seed: 3, seconds: 0.01 })
    expect(crashes).toEqual([])
  })

  test('stops when enough has broken, and gives what was shown', async () => {
    const target: Target = {
      name: 'broken',
      async run(round) {
        round.give('an input', () => {
          throw new Error(`no ${keptAlive.length}`)
        })
      },
    }
    const { crashes } = await runFuzz({ target, seed: 1, seconds: 60 })
    expect(crashes.length).toBe(10)
    expect(crashes[0]).toMatchObject({ target: 'broken', seed: 1, crashes: [{ input: 'an input' }] })
  })

  test('tells what a target keeps', async () => {
    const target: Target = {
      name: 'keeping',
      async run(round) {
        round.give('x', () => keptAlive.push(Array.from({ length: 1_000 }, () => ({}))))
        await round.settle()
      },
    }
    const { grownBytes, heapBytes, executions } = await runFuzz({ target, seed: 1, seconds: 60, inputs: 1_000 })
    keptAlive.length = 0
    expect(executions).toBe(1_000)
    expect(grownBytes).toBeGreaterThan(100_000)
    expect(heapBytes).toHaveLength(10)
    expect(heapBytes[9]).toBeGreaterThan((heapBytes[0] ?? 0) + 100_000)
  })
})
