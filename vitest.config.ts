import { defineConfig } from 'vitest/config'

/** Workspace packages are read from their sources, so that tests need no build. */
const source = { conditions: ['@hotline/source', 'node', 'import', 'default'] }

export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}', 'examples/*/**/*.test.{ts,tsx}'],
    // tsconfig.json includes the same files: one that it left out would pass unread.
    typecheck: { enabled: true, include: ['packages/*/src/**/*.test-d.ts', 'test/**/*.test-d.ts'] },
  },
})
