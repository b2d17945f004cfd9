import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import type { Codec, IdempotencyStore } from '@hotline/core'
import {
  type CallerOptions,
  type Environment,
  type FloodRates,
  LIVENESS,
  type LivenessOptions,
  PROTOCOL_LIMITS,
  RunOnce,
  SERVER_JSON,
  type ServerTimeouts,
  superjsonCodec,
  withinLimits,
} from '@hotline/core/internal'
import { checkOptions, shown } from './check-options.ts'
import { addressRanges } from './gate/ip-address.ts'
import { memoryIdempotencyStore } from './idempotency/memory-idempotency-store.ts'
import { sha256 } from './idempotency/sha256.ts'
import { consoleLogger, type Logger } from './logger.ts'
import { nodeEnvironment } from './node-environment.ts'
import { printableLogger } from './printable-logger.ts'
import { SERVER_LIMITS, type ServerLimits } from './server-limits.ts'

/** What a client's connection brings to `authenticate`. */
export interface AuthenticateCall {
  /** What the client's `auth` gave; a stranger chose it, so check it. */
  readonly auth: unknown
  /** The upgrade request, with its cookies. */
  readonly request: IncomingMessage
}

/** Who somebody is, and what their handlers get. */
export interface Authenticated<Context> {
  /** One string that names them, tenant included: for logs, limits and `server.revoke`. */
  readonly principal?: string | undefined
  readonly context: Context
  /**
   * When the credentials run out, as `Date.now()` counts. The client gives newer ones before that, on the live
   * connection; where none come in time, the connection ends and the client comes back with newer ones. Who brings what
   * has run out already is refused with `UNAUTHORIZED`.
   */
  readonly expiresAt?: number | Date | undefined
}

/** Something went wrong that a client sees only as `INTERNAL`, or not at all. */
export interface ServerFailure {
  readonly error: unknown
  /** The procedure, where it was one. */
  readonly path: string | undefined
  /** What the client's error carries as `data.id`, where there is one. */
  readonly id: string | undefined
  readonly principal: string | undefined
}

/** Everything that both `serve` and `attach` take. Only `authenticate` may be needed: where handlers want a context. */
export interface CommonOptions<Context> {
  /**
   * Called once for each connection, before anything of it runs. Throw `new HotlineError('UNAUTHORIZED')` for
   * credentials that don't hold (the client asks for new ones), `FORBIDDEN` for somebody who shall not come back.
   * Anything else thrown counts as the server's failure: it is logged, and the client comes back.
   */
  readonly authenticate?: (call: AuthenticateCall) => Authenticated<Context> | Promise<Authenticated<Context>>
  /**
   * Origins whose pages may connect, exactly as a browser writes them: `https://app.example`. Without a list, a page
   * may connect to the host it came from. Requests without an Origin come from programs and pass, unless they bring cookies.
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Your proxies, as addresses or ranges: `['10.0.0.0/8']`. Only what they say in X-Forwarded-For and X-Forwarded-Proto
   * is believed. Without a list, limits per address are off for private addresses, since a proxy may be behind each;
   * `[]` says that there is none.
   */
  readonly trustProxy?: readonly string[] | undefined
  /** Refuses what doesn't come over TLS, to this server or to a proxy of `trustProxy` that says so; loopback itself may. */
  readonly requireTls?: boolean | undefined
  /** Called for each failure that clients don't see the reason of; the logger has had it already. */
  readonly onError?: ((failure: ServerFailure) => void) | undefined
  /**
   * For development: `INTERNAL` errors carry message and stack of what was thrown, as `data.thrown`. Refused where
   * `NODE_ENV` is "production".
   */
  readonly exposeErrors?: boolean | undefined
  /** pino fits. Without one, warnings and errors go to the console. */
  readonly logger?: Logger | undefined
  /** Names this process in `welcome`, for balancers. Random without one. */
  readonly node?: string | undefined
  /** Names the API's version in `welcome`. Without one it is a hash of the router's paths and kinds. */
  readonly contract?: string | undefined
  /** How values travel; the client must use the same one. superjson's format without one. */
  readonly codec?: Codec | undefined
  /**
   * Keeps the outcomes of calls that carry an `idempotencyKey`, so that each runs once. Without one
   * `memoryIdempotencyStore()`, which forgets them with the process.
   */
  readonly idempotencyStore?: IdempotencyStore | undefined
  readonly limits?: Partial<ServerLimits> | undefined
}

/** `authenticate` may be left out where handlers are content with an empty context. */
export type ServerOptions<Context> = CommonOptions<Context> &
  (Record<never, never> extends Context ? unknown : Required<Pick<CommonOptions<Context>, 'authenticate'>>)

/** The options once resolved: nothing behind this asks for defaults. */
export interface Settings {
  /** Whom it asks about a client; nobody where it is left out. */
  readonly authenticate: ((call: AuthenticateCall) => unknown) | undefined
  readonly origins: ReadonlySet<string> | undefined
  readonly trustProxy: BlockList | undefined
  readonly requireTls: boolean
  readonly onError: (failure: ServerFailure) => void
  /** Whether clients see what `INTERNAL` hides. */
  readonly exposesErrors: boolean
  /** What strangers chose is printable in it. */
  readonly logger: Logger
  readonly node: string
  readonly contract: string | undefined
  readonly codec: Codec
  /** Runs calls that carry an idempotency key: one for all sessions, since any of them may call with the same. */
  readonly keyedRuns: RunOnce
  /** What an `INTERNAL` and the log share. */
  readonly newErrorId: () => string
  readonly caller: CallerOptions
  readonly limits: ServerLimits
  readonly timeouts: ServerTimeouts
  readonly floods: FloodRates
  readonly liveness: LivenessOptions
  readonly environment: Environment
  /** The time of day, as `Date.now()` counts: what `expiresAt` is given in. */
  readonly epochNow: () => number
}

/**
 * @throws TypeError for an option that is of another kind, an origin that no browser would send, a proxy that is no address,
 * a limit that is no number from 0 or none at all, a name that is too long, or errors exposed in production.
 */
export function resolveOptions<Context>(
  options: CommonOptions<Context>,
  environment: Environment = nodeEnvironment(),
): Settings {
  checkOptions(options)
  const limits = resolveLimits(options.limits)
  const codec = withinLimits(options.codec ?? superjsonCodec, SERVER_JSON)
  const newErrorId = () => environment.newId(16)
  const exposesErrors = checkExposure(options.exposeErrors ?? false)
  return {
    authenticate: options.authenticate,
    origins: options.origins === undefined ? undefined : new Set(options.origins.map(checkOrigin)),
    trustProxy: options.trustProxy === undefined ? undefined : addressRanges(options.trustProxy),
    requireTls: options.requireTls ?? false,
    onError: options.onError ?? (() => {}),
    exposesErrors,
    logger: printableLogger(options.logger ?? consoleLogger),
    node: checkName('node', options.node) ?? environment.newId(8),
    contract: checkName('contract', options.contract),
    codec,
    keyedRuns: new RunOnce({
      store: options.idempotencyStore ?? memoryIdempotencyStore(),
      codec,
      exposesErrors,
      hash: sha256,
      newId: newErrorId,
      now: () => environment.now(),
    }),
    newErrorId,
    caller: { codec, firstId: 2, timeoutMs: limits.callTimeoutMs, queueCharacters: limits.maxQueuedCharacters },
    limits,
    timeouts: { helloMs: limits.helloTimeoutMs, authenticateMs: limits.authenticateTimeoutMs },
    floods: {
      opens: { perSecond: limits.opensPerSecond, burst: limits.opensBurst },
      controls: { perSecond: limits.controlPerSecond, burst: limits.controlBurst },
    },
    liveness: LIVENESS,
    environment,
    epochNow: Date.now,
  }
}

/** @throws TypeError for one that there isn't, or that is no number from 0. */
export function resolveLimits(limits: Partial<ServerLimits> | undefined): ServerLimits {
  const given: unknown = limits ?? {}
  if (typeof given !== 'object')
    throw new TypeError(`"limits" is ${shown(given)}: give an object, as in { graceMs: 60_000 }.`)
  return { ...SERVER_LIMITS, ...checkLimits(limits ?? {}) }
}

/** Clients say both again: in a URL, and in a greeting that has to be small. */
function checkName(option: 'node' | 'contract', name: string | undefined): string | undefined {
  if (name === undefined || name.length <= PROTOCOL_LIMITS.eventIdCharacters) return name
  throw new TypeError(
    `"${option}" has ${name.length} characters: give at most ${PROTOCOL_LIMITS.eventIdCharacters}, a hash of it for instance.`,
  )
}

/** A stack says how a server is built and where: nothing for strangers. */
function checkExposure(exposesErrors: boolean): boolean {
  if (!exposesErrors || process.env.NODE_ENV !== 'production') return exposesErrors
  throw new TypeError(
    '"exposeErrors" is true and NODE_ENV is "production": leave it out there, the log has the same id and the stack.',
  )
}

/** Those that were given. Durations are told to clients, and JSON has no Infinity: an endless one is the longest. */
function checkLimits(limits: Partial<ServerLimits>): Partial<ServerLimits> {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    if (!Object.hasOwn(SERVER_LIMITS, name))
      throw new TypeError(`"limits" has "${name}", which is no limit: docs/LIMITS.md lists them.`)
    if (typeof value === 'number' && value >= 0) continue
    throw new TypeError(`"limits.${name}" is ${shown(value)}: give a number from 0.`)
  }
  const sayable = given.map(([name, value]) => [
    name,
    name.endsWith('Ms') ? Math.min(value, PROTOCOL_LIMITS.durationMs) : value,
  ])
  return Object.fromEntries(sayable)
}

function checkOrigin(origin: string): string {
  // "null" is what pages send that have none, and what a URL gives that is of no host: localhost:3000, say.
  const meant = URL.canParse(origin) ? new URL(origin).origin : 'null'
  if (meant === origin && meant !== 'null') return origin
  const hint = meant === 'null' ? 'it like https://app.example' : meant
  throw new TypeError(`"origins" has ${shown(origin)}, which no browser sends: write ${hint}.`)
}
