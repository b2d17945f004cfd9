import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the peers, seen from the built driver. */
const FOLDER = fileURLToPath(new URL('../peers/', import.meta.url))
const STAMP = `${FOLDER}node_modules/.bench-lock`

/** Installs what `peers/package-lock.json` names, unless that is there already. */
export function installPeers(): void {
  const lock = readFileSync(`${FOLDER}package-lock.json`, 'utf8')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return
  console.log('Installing the peers that bench/peers/package-lock.json names (npm ci) ...')
  const { status, error } = spawnSync('npm', ['ci'], {
    cwd: FOLDER,
    env: withoutNpmTarget(process.env),
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ci failed in bench/peers${error === undefined ? '' : `: ${error.message}`}.`)
  writeFileSync(STAMP, lock)
}

/** The version that is installed of a package. */
export function versionOf(name: string): string {
  const places = [`${FOLDER}node_modules/${name}/package.json`, `${FOLDER}../../node_modules/${name}/package.json`]
  const found = places.find((place) => existsSync(place))
  // A package.json has a version.
  return found === undefined ? '?' : (JSON.parse(readFileSync(found, 'utf8')) as { version: string }).version
}

/** What npm tells the scripts that it runs would make this `npm ci` one for the workspace. */
function withoutNpmTarget(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_config_(workspaces?|local_prefix|prefix)$/i.test(name)),
  )
}
