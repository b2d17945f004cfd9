// Checks what would be published, as its users would get it: publint and "are the types wrong" over each public package,
// then knip over the whole repository for files, exports and dependencies that nobody uses. Wants a build.

import { spawnSync } from 'node:child_process'
import { publicPackages } from './public-packages.mjs'

/** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
const options = { encoding: 'utf8', shell: process.platform === 'win32' }

const outcomes = publicPackages().flatMap(({ folder, manifest }) => [
  report(`publint ${manifest.name}`, spawnSync('publint', ['--strict', folder], options)),
  report(`attw ${manifest.name}`, spawnSync('attw', ['--profile', 'esm-only', '--pack', folder], options)),
])
outcomes.push(report('knip', spawnSync('knip', ['--no-progress', '--treat-config-hints-as-errors'], options)))
process.exitCode = outcomes.every(Boolean) ? 0 : 1

/** @param {string} name @param {import('node:child_process').SpawnSyncReturns<string>} result @returns {boolean} */
function report(name, result) {
  const passed = result.status === 0
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name}`)
  if (!passed) console.log(result.error?.message ?? `${result.stdout}${result.stderr}`)
  return passed
}
