// Adds to package-lock.json the optional packages of other platforms that npm left out. npm leaves one out when the
// registry in use doesn't carry it, and then `npm ci` calls the lock out of sync, on every platform. An entry with its
// version and its platform is enough: npm passes over it where the platform doesn't match, and fetches it where it does.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

const OS = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
}

const CPU = {
  64: 'x64',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
}

const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

/**
 * The optional dependencies that have no entry in the lock.
 *
 * @param {Lock} lock
 * @returns {{ parent: string, name: string, version: string }[]} `parent` is the key of the entry that wants `name`
 */
export function missingOptionals(lock) {
  return Object.entries(lock.packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name, version]) => !isLocked(lock, parent, name, version))
      .map(([name, version]) => ({ parent, name, version })),
  )
}

/**
 * A lock with an entry for every optional dependency; the very lock it was given when nothing was missing.
 *
 * @param {Lock} lock
 * @returns {Lock}
 */
export function completeLock(lock) {
  const packages = { ...lock.packages }
  for (const { parent, name, version } of missingOptionals(lock)) {
    const shared = `node_modules/${name}`
    const place = Object.hasOwn(packages, shared) ? `${parent}/${shared}` : shared
    packages[place] = entryFor(parent, name, version, packages[parent]?.dev === true)
  }
  if (Object.keys(packages).length === Object.keys(lock.packages).length) return lock
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return { ...lock, packages: Object.fromEntries(sorted) }
}

/** Completes this repository's own lock, and leaves the file alone when nothing was missing. */
export function completeLockFile() {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
  const text = readFileSync(path, 'utf8')
  const completed = `${JSON.stringify(completeLock(JSON.parse(text)), null, 2)}\n`
  if (completed !== text) writeFileSync(path, completed)
}

/**
 * What the name of a platform package says: `@rollup/rollup-linux-x64-musl` is for linux, x64 and musl.
 *
 * @param {string} name
 * @returns {{ os: string[], cpu: string[], libc: string[] }} each list empty when the name doesn't say
 */
export function platformOf(name) {
  const words = (name.split('/').at(-1) ?? name).split('-')
  const os = pick(OS, words)
  // Only Linux has more than one libc: on Windows the same words name a compiler.
  return { os, cpu: pick(CPU, words), libc: os.includes('linux') ? pick(LIBC, words) : [] }
}

/**
 * Whether the entry that `parent` would find, going up from its folder, has the version it wants.
 *
 * @param {Lock} lock @param {string} parent @param {string} name @param {string} version
 */
function isLocked(lock, parent, name, version) {
  let folder = parent
  while (true) {
    const found = lock.packages[`${folder}${folder && '/'}node_modules/${name}`]
    if (found) return found.version === version || !isExact(version)
    if (folder === '') return false
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))
  }
}

/** @param {string} version */
function isExact(version) {
  return /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
}

/** @param {string} parent @param {string} name @param {string} version @param {boolean} isDev @returns {LockEntry} */
function entryFor(parent, name, version, isDev) {
  const { os, cpu, libc } = platformOf(name)
  if (os.length === 0 || !isExact(version))
    throw new Error(
      `${parent} wants ${name}@${version}, which is not in package-lock.json and whose platform or exact version can't be told from that: add the entry by hand.`,
    )
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(isDev && { dev: true }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    os,
  }
}

/** @param {Record<string, string>} table @param {string[]} words @returns {string[]} */
function pick(table, words) {
  return words.flatMap((word) => (Object.hasOwn(table, word) ? [String(table[word])] : []))
}
