import { PLAIN_START, result, schema, type Writing } from './generated-program.ts'

/** The packages that the programs need, by the folders of a `node_modules`. */
export const PEER_PACKAGES: readonly string[] = ['@trpc', '@orpc', 'capnweb', 'superjson']

const CONTEXT = 'export interface Context { readonly user: string }\n'

/** The same procedures and calls as `generateProgram` has, as users of other libraries write them. */
export const PEER_WRITINGS = {
  tRPC: {
    start: `import { initTRPC } from '@trpc/server'\n${CONTEXT}export const t = initTRPC.context<Context>().create()\n`,
    router: trpcRouter,
    api: trpcApi,
    client: trpcClient(''),
    method: '.mutate',
  },
  'tRPC with superjson': {
    start: `import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
${CONTEXT}export const t = initTRPC.context<Context>().create({ transformer: superjson })\n`,
    router: trpcRouter,
    api: trpcApi,
    client: trpcClient('transformer: superjson'),
    method: '.mutate',
  },
  oRPC: {
    start: `import { os } from '@orpc/server'\n${CONTEXT}export const base = os.$context<Context>()\n`,
    router: (names) => `import * as z from 'zod'
import { base } from './start.ts'
export const routes = {
${names.map((name) => `  ${name}: base.input(${schema(name)}).handler(async ({ input }) => ${result(name)}),\n`).join('')}}
`,
    api: (routers) => `export const api = { ${routers.join(', ')} }\n`,
    client: `import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { RouterClient } from '@orpc/server'
import type { api } from './api.ts'
const client: RouterClient<typeof api> = createORPCClient(new RPCLink({ websocket: new WebSocket('') }))
`,
  },
  "Cap'n Web": {
    start: PLAIN_START,
    router: (names) => `import { RpcTarget } from 'capnweb'
import * as z from 'zod'
import { check } from './start.ts'
${names.map((name) => `const ${name}Input = ${schema(name)}\n`).join('')}export class Routes extends RpcTarget {
${names.map(capnwebMethod).join('')}}
export const routes = new Routes()
`,
    api: (routers) => `import { RpcTarget } from 'capnweb'
export class Api extends RpcTarget {
${routers.map((router) => `  get ${router}() { return ${router} }\n`).join('')}}
`,
    client: `import { newWebSocketRpcSession } from 'capnweb'
import type { Api } from './api.ts'
const client = newWebSocketRpcSession<Api>('')
`,
  },
} as const satisfies Readonly<Record<string, Writing>>

function trpcRouter(names: readonly string[]): string {
  return `import * as z from 'zod'
import { t } from './start.ts'
export const routes = t.router({
${names.map((name) => `  ${name}: t.procedure.input(${schema(name)}).mutation(async ({ input }) => ${result(name)}),\n`).join('')}})
`
}

function trpcApi(routers: readonly string[]): string {
  return `import { t } from './start.ts'
export const api = t.router({ ${routers.join(', ')} })
export type Api = typeof api
`
}

function trpcClient(transformer: string): string {
  return `import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
${transformer === '' ? '' : "import superjson from 'superjson'\n"}import type { Api } from './api.ts'
const link = wsLink<Api>({ client: createWSClient({ url: '' }), ${transformer} })
const client = createTRPCClient<Api>({ links: [link] })
`
}

function capnwebMethod(name: string): string {
  return `  async ${name}(sent: z.input<typeof ${name}Input>) {
    const input = check(${name}Input, sent)
    return ${result(name)}
  }
`
}
