import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LanguageServer, type Place } from './language-server.ts'

const BOARD = fileURLToPath(new URL('../../examples/board/', import.meta.url))

/** Starting the compiler takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

describe('going to the definition of', { timeout: TIMEOUT_MS }, () => {
  const server = new LanguageServer()
  beforeAll(() => server.start(BOARD), TIMEOUT_MS)
  afterAll(() => server.stop())

  test('api.tasks.add in the page lands on the procedure in the server, and nowhere else', async () => {
    const found = await server.definitionsAt(find('page/state/send-change.ts', 'api.tasks.add(', 'add'))
    expect(found).toEqual([find('server/api.ts', /^ {2}tasks: \{[\s\S]*?^ {4}add:/m, 'add')])
  })

  test('api.tasks lands on the group of procedures', async () => {
    const found = await server.definitionsAt(find('page/state/send-change.ts', 'api.tasks.add(', 'tasks'))
    expect(found).toEqual([find('server/api.ts', /^ {2}tasks: \{/m, 'tasks')])
  })
})

/** Where `word` stands for the last time in the first text that `pattern` finds in a file of the board. */
function find(path: string, pattern: string | RegExp, word: string): Place {
  const file = BOARD + path
  const text = readFileSync(file, 'utf8')
  const [found] = typeof pattern === 'string' ? [pattern] : (pattern.exec(text) ?? [])
  const start = found === undefined ? -1 : text.indexOf(found)
  if (found === undefined || start === -1) return expect.fail(`${path} has no ${String(pattern)}`)
  const before = text.slice(0, start + found.lastIndexOf(word)).split('\n')
  return { file, line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}
