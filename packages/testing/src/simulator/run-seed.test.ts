import { describe, expect, test } from 'vitest'
import { runSeed, traceHash } from './run-seed.ts'
import { runSeeds } from './run-seeds.ts'

/** A few seconds' worth. `npm run chaos` runs as many as one likes. */
const SEEDS = 600

describe('a run from a seed', () => {
  test(`breaks no rule, for each of ${SEEDS} seeds`, { timeout: 60_000 }, async () => {
    const { failures, ...figures } = await runSeeds({ from: 1, count: SEEDS })
    const report = failures.map(({ seed, violations }) =>
      [`npm run chaos -- --seed ${seed}`, ...violations].join('\n  '),
    )
    expect(report.join('\n')).toBe('')
    // What runs into nothing proves nothing.
    expect(figures.cuts).toBeGreaterThan(SEEDS)
    expect(figures.sessions).toBeGreaterThan(SEEDS)
    expect(figures.operations).toBeGreaterThan(10 * SEEDS)
  })

  test('is the same again, to the last line of its trace, alone and among others', async () => {
    const seeds = [3, 7, 42, 773]
    const alone: string[] = []
    for (const seed of seeds) alone.push(await traceHash(seed))
    expect(new Set(alone).size).toBe(seeds.length)
    expect(await Promise.all(seeds.map((seed) => traceHash(seed)))).toEqual(alone)
  })

  test('is the same whether it is traced or not', async () => {
    expect(await runSeed(42)).toEqual(await runSeed(42, { trace: () => {} }))
  })
})
