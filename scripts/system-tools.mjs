// Programs that some tests need and npm can't install: where they are, and how to get them.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * One row per program. `variable` names an environment variable that may hold its path, `commands` what to look for on
 * the PATH, `paths` where else it lies, `debian` its package there, `isService` whether that package starts a service.
 */
const TOOLS = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    paths: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    debian: 'chromium',
    isService: false,
  },
  nginx: {
    variable: 'NGINX_PATH',
    commands: ['nginx'],
    paths: ['/usr/sbin/nginx', '/opt/homebrew/bin/nginx', '/usr/local/sbin/nginx'],
    debian: 'nginx',
    isService: true,
  },
  haproxy: {
    variable: 'HAPROXY_PATH',
    commands: ['haproxy'],
    paths: ['/usr/sbin/haproxy', '/opt/homebrew/bin/haproxy'],
    debian: 'haproxy',
    isService: true,
  },
  postgres: {
    variable: 'POSTGRES_PATH',
    commands: ['postgres'],
    // Debian keeps it off the PATH, in a folder of its version.
    paths: [18, 17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`),
    debian: 'postgresql',
    isService: true,
  },
}

/** @typedef {keyof typeof TOOLS} ToolName */

/**
 * The path of a program, or undefined when this machine hasn't got it.
 *
 * @param {ToolName} name
 * @returns {string | undefined}
 */
export function findTool(name) {
  const { variable, commands, paths } = TOOLS[name]
  const named = process.env[variable]
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [...folders.flatMap((folder) => commands.map((command) => join(folder, command))), ...paths].find(isProgram)
}

/**
 * The words of a command line as names of programs; throws at one that has no row above.
 *
 * @param {string[]} words
 * @returns {ToolName[]}
 */
export function toolNames(words) {
  const unknown = words.find((word) => !isToolName(word))
  if (unknown) throw new Error(`setup.mjs knows no tool "${unknown}", only: ${Object.keys(TOOLS).join(', ')}.`)
  return words.filter(isToolName)
}

/**
 * Finds each program, or installs it where that takes no question: as root on Debian. Where it can't be had, says how
 * to get it; the tests that need it are then skipped, except with CI=true, where this throws.
 *
 * @param {ToolName[]} names
 */
export function provideTools(names) {
  const missing = names.filter((name) => !findTool(name) && !install(name))
  if (missing.length === 0) return
  const message = missing.map((name) => `${name} is not installed. ${remedy(name)}`).join('\n')
  if (process.env.CI === 'true') throw new Error(message)
  console.warn(`${message}\nThe tests that need it will be skipped.`)
}

/** @param {string} word @returns {word is ToolName} */
function isToolName(word) {
  return Object.hasOwn(TOOLS, word)
}

/** @param {ToolName} name @returns {boolean} whether it is there now */
function install(name) {
  if (!isDebian() || process.getuid?.() !== 0) return false
  const { debian, isService } = TOOLS[name]
  // A test run must not make somebody's machine a web server; in a container nothing starts it.
  if (isService && existsSync('/run/systemd/system')) return false
  console.log(`Installing ${debian} (apt-get install ${debian}) ...`)
  if (!aptGet('install', debian)) {
    aptGet('update')
    aptGet('install', debian)
  }
  return findTool(name) !== undefined
}

/** @param {string[]} args */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const result = spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...args], { env, stdio: 'inherit' })
  return result.status === 0
}

/** @param {ToolName} name */
function remedy(name) {
  const { debian, variable } = TOOLS[name]
  if (isDebian()) return `Run: sudo apt-get install -y ${debian}`
  return `Install ${name} with your system's package manager, or set ${variable} to its path.`
}

function isDebian() {
  return existsSync('/etc/debian_version')
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
