import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { createUserProject, type UserProject } from './user-project.ts'

/** Compiling takes seconds, and more where other work has the machine. */
const TIMEOUT_MS = 60_000

/** One of everything that can be declared, none of it annotated. */
const SERVER = `import { hotline, type Procedure, tracked } from '@hotline/core'
import * as z from 'zod'

export const h = hotline<{ user: string | null }, { show: Procedure<(text: string) => Promise<void>> }>()
export const authed = h
  .errors({ NO_ACCESS: z.undefined() })
  .use(({ ctx, errors, next }) => {
    if (ctx.user === null) throw errors.NO_ACCESS()
    return next({ ctx: { user: ctx.user } })
  })
export const admin = h.router({ ban: authed.input(z.string()).mutation(({ input }) => input === 'x') })
export const api = h.router({
  ping: h.meta({ open: true }).query(() => 'pong' as const),
  add: authed.input(z.object({ n: z.string().transform(Number) })).errors({ FULL: z.number() }).mutation(({ input }) => input.n),
  watch: h.subscription(async function* ({ lastEventId }) {
    yield tracked('1', { after: lastEventId })
    return { total: 1 }
  }),
  upload: h.items(z.string()).idempotent().mutation(async () => 1),
  chat: h.items(z.string()).output(z.number()).subscription(async function* () {
    yield 1
  }),
  list: authed.input(z.object({ n: z.number() })).live({ on: () => [], query: ({ input }) => [{ id: input.n }] }),
  admin: h.lazy(async () => admin),
})
`

const CLIENT = `import { type Client, liveValues } from '@hotline/core'
import type { api } from './api.ts'
declare const client: Client<typeof api>
export const banned: Promise<boolean> = client.admin.ban('x')
export const added: Promise<number> = client.add({ n: '1' })
export const uploaded: Promise<number> = client.upload(undefined, { items: ['a'] })
export const listed: Promise<{ id: number }[]> = client.list({ n: 1 })
export async function follow() {
  for await (const list of liveValues(await client.list.live({ n: 1 }))) list[0]?.id.toFixed()
}
export async function watch() {
  const stream = await client.watch()
  for await (const item of stream) item.after?.toUpperCase()
  return (await stream.result).total.toFixed()
}
`

describe('the declarations of a router that is published', { timeout: TIMEOUT_MS }, () => {
  let project: UserProject
  beforeEach(() => {
    project = createUserProject()
  }, TIMEOUT_MS)
  afterEach(() => project.remove())

  it('can be written out without annotations, and type a client that has nothing else', () => {
    const folder = project.write('server', { 'api.ts': SERVER })
    compile([join(folder, 'api.ts')], { rootDir: folder, outDir: join(folder, 'dist') }).emit()
    project.write('server/dist', { 'main.ts': CLIENT })
    expect(() => compile([join(folder, 'dist/main.ts')], { rootDir: folder })).not.toThrow()
  })

  it.each(['server', 'client'] as const)('name nothing that @hotline/%s keeps from who has it alone', (name) => {
    project.hideCoreBehind(name)
    const folder = project.write('alone', { 'api.ts': SERVER.replace('@hotline/core', `@hotline/${name}`) })
    const compiled = compile([join(folder, 'api.ts')], { rootDir: folder, outDir: join(folder, 'dist') })
    expect(() => compiled.emit()).not.toThrow()
  })

  it('refuse what the router refuses', () => {
    const folder = project.write('server', { 'api.ts': SERVER })
    compile([join(folder, 'api.ts')], { rootDir: folder, outDir: join(folder, 'dist') }).emit()
    project.write('server/dist', { 'main.ts': CLIENT.replace("{ n: '1' }", '{ n: 1 }') })
    expect(() => compile([join(folder, 'dist/main.ts')], { rootDir: folder })).toThrow(
      "Type 'number' is not assignable to type 'string'",
    )
  })
})
