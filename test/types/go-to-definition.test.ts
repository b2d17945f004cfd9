import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPlace } from './find-place.ts'
import { LanguageServer } from './language-server.ts'
import { createUserProject } from './user-project.ts'

const BOARD = fileURLToPath(new URL('../../examples/board/', import.meta.url))

const find = (path: string, pattern: string | RegExp, word: string) => findPlace(BOARD + path, pattern, word)

/** Starting the compiler takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

describe('going to the definition of', { timeout: TIMEOUT_MS }, () => {
  const server = new LanguageServer()
  beforeAll(() => server.start(BOARD), TIMEOUT_MS)
  afterAll(() => server.stop())

  test('api.tasks.add in the page lands on the procedure in the server, and nowhere else', async () => {
    const found = await server.definitionsAt(find('page/notices/explain.ts', 'api.tasks.add,', 'add'))
    expect(found).toEqual([find('server/api.ts', /^ {2}tasks: \{[\s\S]*?^ {4}add:/m, 'add')])
  })

  test('hot.tasks.add, which makes options for TanStack Query, does so too', async () => {
    const found = await server.definitionsAt(find('page/state/changes.ts', 'hot.tasks.add.', 'add'))
    expect(found).toEqual([find('server/api.ts', /^ {2}tasks: \{[\s\S]*?^ {4}add:/m, 'add')])
  })

  test('api.tasks lands on the group of procedures', async () => {
    const found = await server.definitionsAt(find('page/notices/explain.ts', 'api.tasks.add,', 'tasks'))
    expect(found).toEqual([find('server/api.ts', /^ {2}tasks: \{/m, 'tasks')])
  })
})

const REACT = fileURLToPath(new URL('../react/', import.meta.url))

test(
  'going to the definition of hot.tasks.list, from which query options are made, lands on the procedure',
  async () => {
    const server = new LanguageServer()
    try {
      await server.start(REACT)
      const found = await server.definitionsAt(
        findPlace(`${REACT}options.test.ts`, 'hot.tasks.list.queryOptions(', 'list'),
      )
      expect(found).toEqual([findPlace(`${REACT}fixture/task-server.ts`, / {4}list: h\.query/, 'list')])
    } finally {
      server.stop()
    }
  },
  TIMEOUT_MS,
)

const LIVE_API = `import { type Client, hotline } from '@hotline/core'
const h = hotline<object>()
export const api = h.router({ tasks: { list: h.live({ on: () => [], query: () => ['a'] }) } })
declare const client: Client<typeof api>
export const once = client.tasks.list()
export const stream = client.tasks.list.live()
`

test(
  'going to the definition of a live query, called once or followed, lands on the procedure',
  async () => {
    const project = createUserProject()
    const folder = project.write('app', {
      'api.ts': LIVE_API,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, module: 'nodenext', lib: ['es2023', 'esnext'] },
      }),
    })
    const server = new LanguageServer()
    try {
      await server.start(folder)
      const file = join(folder, 'api.ts')
      const procedure = { file, line: 2, character: LIVE_API.split('\n')[2]?.indexOf('list:') }
      for (const line of [4, 5]) {
        const character = LIVE_API.split('\n')[line]?.indexOf('list') ?? 0
        expect(await server.definitionsAt({ file, line, character })).toEqual([procedure])
      }
    } finally {
      server.stop()
      project.remove()
    }
  },
  TIMEOUT_MS,
)
