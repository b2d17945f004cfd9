/** Source files by name. */
export type Files = Readonly<Record<string, string>>

/** How the same schemas and handlers are written down. Plain functions are the floor: what they cost without us. */
export type Style = 'procedures' | 'procedures with an error' | 'query options' | 'plain functions'

const PER_ROUTER = 20

/** A program of so many procedures, 20 to a router: `api.ts` is the whole of them, and `main.ts` calls each once. */
export function generateProgram(style: Style, procedures: number): Files {
  return write(WRITINGS[style], procedures)
}

/** The same in any other writing. */
export function write(writing: Writing, procedures: number): Files {
  const routers = Array.from({ length: procedures / PER_ROUTER }, (_, index) => `r${index}`)
  const calls = (router: string) => callAll(router, writing)
  return {
    'start.ts': writing.start,
    ...Object.fromEntries(routers.map((router) => [`${router}.ts`, writing.router(names(router))])),
    'api.ts':
      routers.map((router) => `import { routes as ${router} } from './${router}.ts'\n`).join('') + writing.api(routers),
    'main.ts': writing.client + routers.map(calls).join(''),
  }
}

/** How the files of a program are written. */
export interface Writing {
  /** What every router needs. */
  readonly start: string
  readonly router: (names: readonly string[]) => string
  readonly api: (routers: readonly string[]) => string
  /** What makes `client`, through which everything is called. */
  readonly client: string
  /** What a call has behind the procedure's name: `.mutate`. */
  readonly method?: string
  /** What is called with that, and gives the result: `read`. */
  readonly reader?: string
}

const START = `import { hotline } from '@hotline/core'
export interface Context { readonly user: string }
export const h = hotline<Context>()
`

/** What a handler has to do without us: check what it is sent, with any Standard Schema. */
export const PLAIN_START = `import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
export declare function check<S extends Schema>(schema: S, sent: Schema.InferInput<S>): Schema.InferOutput<S>
`

const CLIENT = `import type { Client } from '@hotline/core'
import type { Api } from './api.ts'
declare function createClient<R extends object>(options: { url: string }): Client<R>
const client = createClient<Api>({ url: '' })
`

const OPTIONS = `import type { Client } from '@hotline/core'
import type { QueryOptionsOf } from '@hotline/react/options'
import type { Api } from './api.ts'
declare const client: QueryOptionsOf<Client<Api>>
declare function read<Out>(options: { queryFn: (...args: never) => Out | Promise<Out> }): Promise<Out>
`

const WRITINGS: Readonly<Record<Style, Writing>> = {
  procedures: { start: START, router: (names) => router(names, ''), api, client: CLIENT },
  'procedures with an error': {
    start: START,
    router: (names) => router(names, '.errors({ LIST_FULL: z.object({ max: z.number() }) })'),
    api,
    client: CLIENT,
  },
  'query options': {
    start: START,
    router: (names) => router(names, ''),
    api,
    client: OPTIONS,
    method: '.queryOptions',
    reader: 'read',
  },
  'plain functions': {
    start: PLAIN_START,
    router: plainRouter,
    api: (routers) => `export const api = { ${routers.join(', ')} }\n`,
    client: "import { api as client } from './api.ts'\n",
  },
}

function router(names: readonly string[], errors: string): string {
  return `import * as z from 'zod'
import { h } from './start.ts'
export const routes = h.router({
${names.map((name) => `  ${name}: h.input(${schema(name)})${errors}.mutation(async ({ input }) => ${result(name)}),\n`).join('')}})
`
}

function plainRouter(names: readonly string[]): string {
  return `import * as z from 'zod'
import { check } from './start.ts'
${names.map(plainFunction).join('')}export const routes = { ${names.join(', ')} }
`
}

function plainFunction(name: string): string {
  return `const ${name}Input = ${schema(name)}
async function ${name}(sent: z.input<typeof ${name}Input>) {
  const input = check(${name}Input, sent)
  return ${result(name)}
}
`
}

function api(routers: readonly string[]): string {
  return `import type { Infer } from '@hotline/core'
import { h } from './start.ts'
export const api = h.router({ ${routers.join(', ')} })
export interface Api extends Infer<typeof api> {}
`
}

function names(router: string): readonly string[] {
  return Array.from({ length: PER_ROUTER }, (_, index) => `${router}p${index}`)
}

/** Every schema and result has fields of its own name: an application's types are not one type 500 times. */
export function schema(name: string): string {
  const owner = `z.object({ ${name}Owner: z.boolean() })`
  return `z.object({ id: z.string().min(1), ${name}: z.number().int().optional(), title: z.string().max(200), rank: z.number(), done: z.boolean(), note: z.string().optional(), at: z.date().optional(), owner: ${owner} })`
}

export function result(name: string): string {
  return `({ id: input.id, ${name}: input.${name} ?? 0 })`
}

function callAll(router: string, writing: Writing): string {
  return `export async function ${router}() {\n${names(router)
    .map((name) => call(router, name, writing))
    .join('')}}\n`
}

function call(router: string, name: string, { method = '', reader = '' }: Writing): string {
  const input = `{ id: '1', title: '', rank: 1, done: true, owner: { ${name}Owner: true } }`
  return `  const ${name} = await ${reader}(client.${router}.${name}${method}(${input}))
  ${name}.${name}.toFixed()
`
}
