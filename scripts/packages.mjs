// Installs the npm packages that package-lock.json names, when what lies in node_modules isn't that already.
// Runs before anything is installed: nothing but Node's own modules here.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockPath = `${root}package-lock.json`
// `npm ci` empties node_modules first, so that an install which was broken off leaves no stamp behind.
const stampPath = `${root}node_modules/.hotline-setup`

/** Runs `npm ci` unless the stamp says that node_modules holds what the lock names. Throws when npm fails. */
export function installPackages() {
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp()) return
  console.log('Installing the packages that package-lock.json names (npm ci) ...')
  const { command, args } = npm()
  // NODE_ENV=production would leave out the build tools.
  const result = spawnSync(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    env: withoutNpmTarget(process.env),
    stdio: 'inherit',
    shell: process.platform === 'win32' && args.length === 0,
  })
  if (result.error) throw new Error(`npm could not be started: ${result.error.message}`)
  if (result.status !== 0) throw new Error('npm ci failed; its own message is above.')
  stampPackages()
}

/** Notes that node_modules now holds what the lock names. */
export function stampPackages() {
  writeFileSync(stampPath, stamp())
}

/** The platform belongs to it: esbuild, biome and others are one binary per platform. */
function stamp() {
  const hash = createHash('sha256').update(readFileSync(lockPath)).digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/** The npm that runs this script, if one does; else the one on the path. */
function npm() {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') ? { command: process.execPath, args: [path] } : { command: 'npm', args: [] }
}

/**
 * `npm test -w some/workspace` tells its children the workspace too, and `npm ci` would install for that one alone.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpmTarget(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_config_(workspaces?|local_prefix|prefix)$/i.test(name)),
  )
}
