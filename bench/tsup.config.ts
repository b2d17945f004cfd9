import { defineConfig } from 'tsup'

/** The packages stay outside: what is measured is what their `exports` give to any program. */
export default defineConfig({
  entry: ['src/main.ts', 'src/processes/server.ts', 'src/processes/client.ts'],
  format: 'esm',
  target: 'es2022',
  clean: true,
  dts: false,
})
