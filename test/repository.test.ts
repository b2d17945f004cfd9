import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { count } from '../.ci/count.mjs'
import { completeLock, missingOptionals, platformOf } from '../scripts/complete-lock.mjs'
import { publicPackages } from '../scripts/public-packages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = publicPackages()
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

describe('the lock', () => {
  const text = read('package-lock.json')
  const lock = JSON.parse(text)

  test('has an entry for every optional dependency, so that npm ci passes on every platform', () => {
    expect(missingOptionals(lock)).toEqual([])
  })

  test('names no registry', () => {
    expect(text.match(/"resolved": "\w+:.*/g) ?? []).toEqual([])
  })

  test('stays as it is when nothing is missing', () => {
    expect(completeLock(lock)).toBe(lock)
  })
})

describe('completing a lock', () => {
  const parent = { version: '1.0.0', dev: true, optionalDependencies: { '@tool/cli-linux-arm64-musl': '1.0.0' } }

  test('adds what is missing with its version and platform, in order', () => {
    const { packages } = completeLock({ packages: { 'node_modules/tool': parent } })
    expect(Object.entries(packages)).toEqual([
      [
        'node_modules/@tool/cli-linux-arm64-musl',
        { version: '1.0.0', cpu: ['arm64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] },
      ],
      ['node_modules/tool', parent],
    ])
  })

  test('puts it below its parent when another version has the place', () => {
    const other = { version: '2.0.0', os: ['linux'], optional: true }
    const lock = {
      packages: { 'node_modules/@tool/cli-linux-arm64-musl': other, 'node_modules/a/node_modules/tool': parent },
    }
    expect(Object.keys(completeLock(lock).packages)).toContain(
      'node_modules/a/node_modules/tool/node_modules/@tool/cli-linux-arm64-musl',
    )
    expect(missingOptionals(completeLock(lock))).toEqual([])
  })

  test('refuses to guess a platform or a version', () => {
    for (const wanted of [{ mystery: '1.0.0' }, { 'tool-darwin': '~1.0.0' }]) {
      const lock = { packages: { 'node_modules/tool': { optionalDependencies: wanted } } }
      expect(() => completeLock(lock)).toThrow(/add the entry by hand/)
    }
  })

  test.each([
    ['@turbo/windows-64', { os: ['win32'], cpu: ['x64'], libc: [] }],
    ['@rollup/rollup-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@rollup/rollup-win32-x64-gnu', { os: ['win32'], cpu: ['x64'], libc: [] }],
    ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'], libc: [] }],
    ['left-pad', { os: [], cpu: [], libc: [] }],
  ])('reads the platform of %s from its name', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })
})

describe.each(packages.map((each) => [each.manifest.name, each] as const))('%s', (_, { folder, manifest }) => {
  test('says what it is and how it may be used', () => {
    expect(manifest).toMatchObject({ license: 'MIT', type: 'module', sideEffects: false })
    expect(manifest.description).toMatch(/^[A-Z].*\.$/)
    expect(manifest.engines).toEqual(JSON.parse(read('package.json')).engines)
    expect(readFileSync(`${folder}/LICENSE`, 'utf8')).toBe(read('LICENSE'))
  })

  test('exports each entry as source, types and JavaScript, in that order', () => {
    for (const [entry, conditions] of Object.entries(manifest.exports ?? { nothing: {} })) {
      const name = entry === '.' ? 'index' : entry.slice(2)
      expect(Object.entries(conditions)).toEqual([
        ['@hotline/source', `./src/${name}.ts`],
        ['types', `./dist/${name}.d.ts`],
        ['default', `./dist/${name}.js`],
      ])
      expect(existsSync(`${folder}/src/${name}.ts`), `${manifest.name}/src/${name}.ts`).toBe(true)
    }
  })

  test('ships its build and the sources that go-to-definition leads to, without their tests and what these share', () => {
    expect(manifest.files).toEqual(['dist', 'src', '!src/**/*.test.ts', '!src/**/*.test-d.ts', '!src/**/fixture'])
  })

  test('names its siblings in the very version they have, since they share internals', () => {
    const versions = Object.fromEntries(packages.map((sibling) => [sibling.manifest.name, sibling.manifest.version]))
    const siblings = Object.entries(manifest.dependencies ?? {}).filter(([name]) => name.startsWith('@hotline/'))
    expect(siblings).toEqual(siblings.map(([name]) => [name, versions[name]]))
  })

  test('is released together with the others', () => {
    expect(JSON.parse(read('.changeset/config.json')).fixed).toEqual([packages.map((each) => each.manifest.name)])
  })
})

describe('the type tests', () => {
  // vitest would let one that tsconfig.json leaves out pass without compiling it.
  test('are all compiled', () => {
    const written = ['packages', 'test']
      .flatMap((folder) =>
        readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)),
      )
      .filter((path) => path.endsWith('.test-d.ts') && !path.includes('node_modules'))
    const { stdout } = spawnSync(process.execPath, [tsc, '--listFilesOnly'], { cwd: root, encoding: 'utf8' })
    const compiled = new Set(stdout.split('\n').map((path) => normalize(path.trim())))
    expect(written.filter((path) => !compiled.has(path))).toEqual([])
  })
})

describe('setting up', () => {
  test.each([
    ['20.18.3', 'Hotline needs Node 20.19 or newer; this is v20.18.3.'],
    ['18.20.8', 'Hotline needs Node 20.19 or newer; this is v18.20.8.'],
  ])('refuses Node %s with one sentence', (version, sentence) => {
    const pretend = `Object.defineProperties(process, { version: { value: 'v${version}' }, versions: { value: { node: '${version}' } } })`
    const result = spawnSync(process.execPath, ['--import', `data:text/javascript,${pretend}`, 'scripts/setup.mjs'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(result).toMatchObject({ status: 1, stdout: '' })
    expect(result.stderr).toMatch(sentence)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
  })

  test('refuses a system tool that it has no row for', () => {
    const result = spawnSync(process.execPath, ['scripts/setup.mjs', 'teleporter'], { cwd: root, encoding: 'utf8' })
    expect(result).toMatchObject({ status: 1, stdout: '' })
    expect(result.stderr).toMatch('setup.mjs knows no tool "teleporter", only: chromium')
  })
})

describe('counting a run of .ci/run', () => {
  const report = reportOf('passed', ['passed', 'passed', 'skipped'])

  test('counts each test and each check', () => {
    expect(count(report, { test: 0, lint: 0, types: 0 })).toEqual({ passed: 4, failed: 0, skipped: 1 })
    expect(count(report, { test: 0, lint: 1, types: 0 })).toEqual({ passed: 3, failed: 1, skipped: 1 })
    expect(count(reportOf('failed', ['passed', 'failed']), { test: 1 })).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  test.each([
    ['no report', undefined, 0],
    ['no tests', { testResults: [] }, 0],
    ['a file that could not be loaded', reportOf('failed', []), 0],
    ['an unhandled rejection, with all tests passed', reportOf('passed', ['passed']), 1],
  ])('counts a failure for %s', (_, broken, status) => {
    expect(count(broken, { test: status, lint: 0 }).failed).toBe(1)
  })
})

function reportOf(status: string, tests: readonly string[]) {
  return { testResults: [{ status, assertionResults: tests.map((each) => ({ status: each })) }] }
}

function read(path: string): string {
  return readFileSync(root + path, 'utf8')
}
