import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['server.ts', 'client.ts', 'both.ts'],
  format: 'esm',
  target: 'node20',
  dts: false,
  clean: true,
})
