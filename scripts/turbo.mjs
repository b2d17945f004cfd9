// `node scripts/turbo.mjs build` runs that script of every workspace, in order and from cache, telling nobody about it.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const turbo = createRequire(import.meta.url).resolve('turbo/bin/turbo')
const result = spawnSync(process.execPath, [turbo, 'run', ...process.argv.slice(2)], {
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
})
process.exitCode = result.status ?? 1
