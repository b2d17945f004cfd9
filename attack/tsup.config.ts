import { defineConfig } from 'tsup'

/** The packages stay outside: what is attacked is what their `exports` give to any program. */
export default defineConfig({
  entry: ['src/main.ts', ...['server', 'attacker', 'client', 'bystander'].map((name) => `src/processes/${name}.ts`)],
  format: 'esm',
  target: 'es2022',
  clean: true,
  dts: false,
})
