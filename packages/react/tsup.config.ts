import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/options.ts'],
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  clean: true,
  dts: false,
  // Rollup brings what several files import into one statement each.
  treeshake: true,
})
