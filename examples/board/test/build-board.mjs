// Builds the board and the packages it stands on; a moment when nothing has changed since the last time.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const TURBO = join(ROOT, 'node_modules/.bin/turbo')

export function buildBoard() {
  const args = ['run', 'build', '--filter=@hotline/example-board', '--output-logs=errors-only']
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' }
  const shell = process.platform === 'win32'
  const { status, stdout, stderr } = spawnSync(TURBO, args, { cwd: ROOT, env, shell, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The board could not be built:\n${stdout}${stderr}`)
}
