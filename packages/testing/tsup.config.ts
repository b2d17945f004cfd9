import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/simulator.ts', 'src/fuzz.ts', 'src/proxy.ts'],
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  clean: true,
  dts: false,
})
