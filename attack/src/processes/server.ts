import { HotlineError, type Server, serve } from '@hotline/server'
import type { Load, Memory } from '../outcome.ts'
import { answerCommands } from './answer-commands.ts'
import { LoopWatch } from './loop-watch.ts'
import { RunningHandlers, type Visitor, victimApi } from './victim-api.ts'

interface ServerSetup {
  /** Limits that differ from the defaults. */
  readonly limits: Readonly<Record<string, number>>
  /** Whether `X-Forwarded-For` says who comes. */
  readonly isProxied: boolean
}

const handlers = new RunningHandlers()
const watch = new LoopWatch()
let server: Server<Visitor> | undefined

const COMMANDS = {
  async start({ limits, isProxied }: ServerSetup): Promise<{ port: number }> {
    const options = { limits, ...(isProxied && { trustProxy: ['127.0.0.1'] }) }
    server = await serve<Visitor>(victimApi(handlers), { port: 0, logger: SILENT, authenticate, ...options })
    return { port: server.port ?? 0 }
  },
  memory(): Memory {
    // Collected with `--expose-gc`; what finalizers let go of is collected by the next one.
    for (let round = 0; round < 3; round++) globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    watch.skip()
    return { rssBytes: rss, heldBytes: heapUsed + external }
  },
  load(): Load {
    return { ...handlers.report(), detachedSessions: server?.stats().detachedSessions ?? 0 }
  },
  block: () => watch.take(),
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

/** Who names a user is let in; who asks for it waits for ever. */
async function authenticate({ auth }: { readonly auth: unknown }): Promise<{ principal: string; context: Visitor }> {
  const { user, hangs } = (auth ?? {}) as Readonly<Record<string, unknown>>
  if (hangs === true) await new Promise(() => {})
  if (typeof user !== 'string') throw new HotlineError('UNAUTHORIZED')
  return { principal: user, context: { running: 0 } }
}

answerCommands(COMMANDS)

export type ServerCommands = typeof COMMANDS
