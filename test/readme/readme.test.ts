import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anchorsOf, fencedBlocks, linksOf, markdownIn, scriptOf } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What people and programs read besides code. A changeset has no links, and vanishes with its release. */
const documents = [
  ...['README.md', 'PROTOCOL.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['docs', 'packages', 'examples'].flatMap((folder) => markdownIn(root, folder)),
]

describe('the README', () => {
  test('shows the code of examples/minimal as it is', () => {
    expect(fencedBlocks(read('README.md'), 'ts')).toEqual([
      read('examples/minimal/server.ts'),
      read('examples/minimal/client.ts'),
    ])
  })
})

describe('in every document', () => {
  test.each(documents)('the commands of %s exist', (path) => {
    const commands = fencedBlocks(read(path), 'sh').flatMap((block) => block.trim().split('\n'))
    expect(commands.filter((command) => !isCommand(command))).toEqual([])
  })

  test.each(documents)('the links of %s lead somewhere', (path) => {
    expect(linksOf(read(path)).filter((target) => !leadsSomewhere(path, target))).toEqual([])
  })
})

describe('what is wrong in a document is found:', () => {
  test('a script that is not there', () => {
    expect(isCommand('npm run nothing')).toBe(false)
    expect(isCommand('npm start -w examples/nothing')).toBe(false)
    expect(isCommand('npm start -w packages/core')).toBe(false)
    expect(isCommand('npm run bench')).toBe(true)
    expect(isCommand('npm run server -w examples/minimal')).toBe(true)
  })

  test('a link to a missing file or heading', () => {
    expect(leadsSomewhere('README.md', 'docs/nothing.md')).toBe(false)
    expect(leadsSomewhere('README.md', 'PROTOCOL.md#nothing')).toBe(false)
    expect(leadsSomewhere('README.md', 'PROTOCOL.md#close-codes')).toBe(true)
  })
})

function isCommand(command: string): boolean {
  if (command === 'npm ci') return true
  const found = scriptOf(command)
  const manifest = found === undefined ? '' : join(found.workspace, 'package.json')
  if (found === undefined || !existsSync(root + manifest)) return false
  return Object.hasOwn(JSON.parse(read(manifest)).scripts ?? {}, found.script)
}

function leadsSomewhere(path: string, target: string): boolean {
  if (/^https?:/.test(target)) return true
  const [file = '', anchor] = target.split('#')
  const found = file === '' ? path : join(dirname(path), file)
  if (!existsSync(root + found)) return false
  return anchor === undefined || anchorsOf(read(found)).has(anchor)
}

function read(path: string): string {
  return readFileSync(root + path, 'utf8')
}
