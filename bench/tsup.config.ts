import { defineConfig, type Options } from 'tsup'

const SHARED: Options = { format: 'esm', target: 'es2022', clean: true, dts: false }

export default defineConfig([
  {
    ...SHARED,
    // The packages stay outside: what is measured is what their `exports` give to any program.
    external: ['typescript59'],
    entry: {
      main: 'src/main.ts',
      'count-types': 'src/types/count-types.ts',
      'processes/server': 'src/processes/server.ts',
      'processes/client': 'src/processes/client.ts',
      'contenders/ws': 'src/contenders/ws.ts',
      'contenders/ws-batched': 'src/contenders/ws-batched.ts',
      'contenders/hotline': 'src/contenders/hotline.ts',
    },
  },
  {
    ...SHARED,
    // Built whether they are installed or not: nothing of theirs is read for that.
    skipNodeModulesBundle: true,
    splitting: false,
    entry: ['peers/src/*.ts'],
    outDir: 'peers/dist',
  },
])
