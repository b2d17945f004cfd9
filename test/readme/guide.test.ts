import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fencedBlocks, markdownIn } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Documents whose blocks are files of one program each. */
const documents = [
  ...['docs/guide.md', 'docs/idempotency.md', 'docs/authorization.md', 'docs/live.md', 'docs/react.md'],
  ...['docs/from-trpc.md', 'docs/from-socket-io.md', 'docs/from-fetch.md'],
  ...['docs/balancers.md', 'packages/testing/README.md'],
]
/** Those whose files stand among the guide's. */
const besideGuide = ['docs/balancers.md']
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

/** Compiling takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

test('every document with code is compiled', () => {
  const withCode = ['docs', 'packages', 'examples', 'bench', 'attack']
    .flatMap((folder) => markdownIn(root, folder))
    .filter((document) => blocksOf(document).length > 0)
  expect(withCode.toSorted()).toEqual(documents.toSorted())
})

describe.each(documents)('the code of %s', { timeout: TIMEOUT_MS }, (document) => {
  const blocks = blocksOf(document)
  /** Without what other libraries' users write: from-others.test.ts compiles that with those libraries. */
  const ours = blocks.filter((block) => !nameOf(block)?.startsWith('before/'))
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hotline-guide-'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const options = { extends: join(root, 'tsconfig.base.json'), compilerOptions: { noEmit: true, jsx: 'react-jsx' } }
    write('package.json', JSON.stringify({ type: 'module' }))
    write('tsconfig.json', JSON.stringify(options))
    const around = besideGuide.includes(document) ? blocksOf('docs/guide.md') : []
    for (const block of around) write(nameOf(block) ?? 'nameless.ts', block)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('says of each block which file it belongs to', () => {
    const names = blocks.map(nameOf)
    expect(names).not.toContain(undefined)
    expect(new Set(names).size).toBe(names.length)
  })

  test('compiles', () => {
    for (const block of ours) write(nameOf(block) ?? 'nameless.ts', block)
    expect(compile()).toBe('')
  })

  test('would not compile with a wrong type in it', () => {
    for (const block of ours) {
      const broken = block.replaceAll('z.string()', 'z.date()').replaceAll("node: 'a'", 'node: new Date()')
      write(nameOf(block) ?? 'nameless.ts', broken)
    }
    expect(compile()).toContain("'Date'")
  })

  function write(path: string, text: string): void {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  function compile(): string {
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' })
    // What is wrong in the packages themselves is for their own type check to say.
    return stdout
      .split('\n')
      .filter((line) => /^(client|server)\//.test(line))
      .join('\n')
  }
})

function blocksOf(document: string): string[] {
  return ['ts', 'tsx'].flatMap((language) => fencedBlocks(readFileSync(root + document, 'utf8'), language))
}

function nameOf(block: string): string | undefined {
  return /^\/\/ (\S+\.tsx?)\n/.exec(block)?.[1]
}
