// Checks what would be published, as its users would get it: publint and "are the types wrong" over each public package,
// then knip over the whole repository for files, exports and dependencies that nobody uses. Wants a build.

import { spawnSync } from 'node:child_process'
import { publicPackages } from './public-packages.mjs'

const checks = [
  ...publicPackages().flatMap(({ folder }) => [
    ['publint', '--strict', folder],
    ['attw', '--profile', 'esm-only', '--quiet', '--pack', folder],
  ]),
  ['knip', '--no-progress'],
]

const failed = checks.filter(([command, ...args]) => !passes(String(command), args))
process.exitCode = failed.length === 0 ? 0 : 1

/** @param {string} command @param {string[]} args */
function passes(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' })
  const passed = result.status === 0
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${command} ${args.at(-1)}`)
  if (!passed) console.log(result.error?.message ?? `${result.stdout}${result.stderr}`)
  return passed
}
