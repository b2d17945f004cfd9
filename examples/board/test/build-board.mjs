// Builds the board and the packages it stands on; a moment when nothing has changed since the last time.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export function buildBoard() {
  const args = ['exec', '--', 'turbo', 'run', 'build', '--filter=@hotline/example-board', '--output-logs=errors-only']
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' }
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The board could not be built:\n${stdout}${stderr}`)
}
