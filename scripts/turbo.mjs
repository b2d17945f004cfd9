// `node scripts/turbo.mjs build` runs that script of every workspace, in order and from cache, telling nobody about it.

import { spawnSync } from 'node:child_process'

const result = spawnSync('turbo', ['run', ...process.argv.slice(2)], {
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (result.error) console.error(`turbo could not be started (${result.error.message}); run this through npm.`)
process.exitCode = result.status ?? 1
