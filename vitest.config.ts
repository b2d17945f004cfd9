import { defineConfig } from 'vitest/config'

/** Workspace packages are read from their sources, so that tests need no build. */
const source = { conditions: ['@hotline/source', 'node', 'import', 'default'] }

/** What weighs or times something: beside others it would measure those, too. */
const MEASURES = ['test/limits/**/*.test.ts', 'test/types/counters.test.ts']

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    // Nothing depends on speed, and a busy machine is slow.
    testTimeout: 20_000,
    expect: { poll: { timeout: 5_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}', 'examples/*/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**', ...MEASURES],
          // Many wait for time to pass.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          // tsconfig.json includes the same files: one that it left out would pass unread.
          typecheck: { enabled: true, include: ['packages/*/src/**/*.test-d.ts', 'test/**/*.test-d.ts'] },
        },
      },
      {
        extends: true,
        test: { name: 'measures', include: MEASURES, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
