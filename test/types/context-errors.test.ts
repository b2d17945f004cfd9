import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { createUserProject, type UserProject } from './user-project.ts'

/** Compiling takes seconds, and minutes where other work has the machine. */
const TIMEOUT_MS = 120_000

const PROGRAM = `import { createCaller, hotline, serve } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
interface Db { find(id: string): string }
interface Context { readonly user: string | null; readonly db: Db }
declare const db: Db
const h = hotline<Context>()
const todos = h.router({ list: h.query(({ ctx }) => ctx.db.find('')), add: h.mutation(() => 1) })
const api = h.router({ todos, deep: { er: { ping: h.query(() => 1) } } })
const other = hotline<{ readonly count: number }>()
const mixed = h.router({ todos, other: other.router({ get: other.query(({ ctx }) => ctx.count) }) })
`

/** What the compiler says of each of these, in a line of its own. */
const STATEMENTS = {
  caller: 'createCaller(api, { user: null })',
  server: 'void serve(api, { port: 0, authenticate: () => ({ context: { user: null } }) })',
  pair: 'createTestPair(api, { context: { user: null } })',
  callerOfParts: 'createCaller(mixed, { user: null, db, count: 1 })',
  callerOfOnePart: 'createCaller(mixed, { user: null, db })',
} as const

describe('the compiler, on a context that lacks something', () => {
  let project: UserProject
  let said: Readonly<Record<keyof typeof STATEMENTS, string | undefined>>

  beforeAll(() => {
    project = createUserProject()
    const texts = errorsOf(project)
    const lines = PROGRAM.split('\n').length
    const at = (name: string) => texts.find((text) => text.includes(`main.ts(${lines + nameAt(name)},`))
    said = Object.fromEntries(Object.keys(STATEMENTS).map((name) => [name, at(name)])) as typeof said
  }, TIMEOUT_MS)
  afterAll(() => project.remove())

  it.each(['caller', 'server', 'pair'] as const)(
    'says what in a sentence or two, and nothing of the router, of a %s',
    (name) => {
      expect(said[name]).toContain("Property 'db' is missing in type '{ user: null; }' but required in type 'Context'.")
      expect(said[name]).not.toContain('Procedure<')
      expect(said[name]?.split('\n').length).toBeLessThanOrEqual(2)
    },
  )

  it('takes for a caller what suits each part of a router, though none needs all of it', () => {
    expect(said.callerOfParts).toBe(undefined)
    expect(said.callerOfOnePart).toContain("Property 'count' is missing")
  })
})

function nameAt(name: string): number {
  return Object.keys(STATEMENTS).indexOf(name)
}

function errorsOf(project: UserProject): readonly string[] {
  const folder = project.write('context', { 'main.ts': PROGRAM + Object.values(STATEMENTS).join('\n') })
  const root = fileURLToPath(new URL('../../', import.meta.url))
  try {
    compile([join(folder, 'main.ts')], {
      paths: {
        '@hotline/server': [join(root, 'packages/server/src/index.ts')],
        '@hotline/testing': [join(root, 'packages/testing/src/index.ts')],
      },
      customConditions: ['@hotline/source'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    })
    return []
  } catch (error) {
    // What belongs to one error is indented.
    return String(error)
      .trim()
      .split(/\n(?=\S)/)
  }
}
