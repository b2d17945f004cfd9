import {
  type Codec,
  type Invalidation,
  type Kind,
  type Next,
  type Position,
  type Tracked,
  tracked,
} from '@hotline/core'
import { superjsonCodec } from '@hotline/core/internal'
import { checkInvalidated, checkPath, type Invalidated } from './invalidation.ts'
import { InvalidationHub } from './invalidation-hub.ts'

export interface InvalidationsOptions<Context> {
  /**
   * Who hears of what a call invalidates: clients for whose context this gives the same string. Without it everyone does,
   * and so learns from paths and inputs that somebody, of another tenant perhaps, has changed something.
   */
  audience?(context: Context): string
  /** Told of all that was invalidated in this process in one turn, to carry it to others, which `receive` it. The console is told where it fails. */
  forward?(invalidated: Invalidated): void
  /** Paths, with inputs, in one turn: what is more becomes `all`. 64 by default. */
  readonly maxPaths?: number
  /** That of your server, where it has one of its own: an input that it can't send counts as the whole path. */
  readonly codec?: Codec | undefined
}

/** What handlers get as `ctx.invalidate`. It takes effect when the handler has succeeded. */
export type Invalidate = (path: string, input?: unknown) => void

/** Tells clients what to read anew, within one process unless its owner carries it further. */
export interface Invalidations<Context> {
  /**
   * For `hotline<Context>().use(changes.middleware)`. A mutation with `.meta({ invalidates: ['tasks'] })` invalidates these
   * paths when it has succeeded, and handlers get `ctx.invalidate`.
   */
  middleware(call: InvalidationCall<Context>): Promise<Next<{ readonly invalidate: Invalidate }>>
  /**
   * The handler of the subscription that clients open: `h.subscription(changes.handler)`. It gives what their audience
   * should read anew, and `{ all: true }` first where the subscription was opened anew.
   */
  handler(call: FollowCall<Context>): AsyncIterable<Tracked<Invalidation> | Position>
  /** For whatever isn't a handler: a cron job, say. Without an audience everyone hears of it. */
  invalidate(invalidated: Invalidated): void
  /** What another process has forwarded. */
  receive(invalidated: Invalidated): void
  /** Subscriptions that are open. */
  readonly size: number
}

/** As much of a middleware's call as is needed here. */
export interface InvalidationCall<Context> {
  readonly ctx: Context
  readonly kind: Kind
  readonly meta: unknown
  next<More extends object>(added: { readonly ctx: More }): Promise<Next<More>>
}

/** As much of a handler's call as is needed here. */
export interface FollowCall<Context> {
  readonly ctx: Context
  readonly signal: AbortSignal
  readonly lastEventId: string | undefined
}

const MAX_PATHS = 64

/** Any id will do: who opens the subscription anew is told to read everything, whatever came last. */
const ANY_POINT = '0'

/** Starts the invalidations of an application: `const changes = invalidations<Context>({ audience: (ctx) => ctx.tenant })`. */
export function invalidations<Context>(options: InvalidationsOptions<Context> = {}): Invalidations<Context> {
  const { maxPaths = MAX_PATHS, forward, codec = superjsonCodec } = options
  if (!Number.isSafeInteger(maxPaths) || maxPaths < 1) {
    throw new TypeError(`"maxPaths" is ${maxPaths}: give a whole number from 1.`)
  }
  const hub = new InvalidationHub({ maxPaths, forward, codec })
  const audienceOf = (context: Context) => audienceIn(options, context)
  return {
    middleware: (call) => run(hub, audienceOf(call.ctx), call),
    handler: (call) => follow(hub, audienceOf(call.ctx), call),
    invalidate: (invalidated) => {
      checkInvalidated(invalidated)
      hub.invalidate(invalidated)
    },
    receive: (invalidated) => {
      checkInvalidated(invalidated)
      hub.receive(invalidated)
    },
    get size() {
      return hub.size
    },
  }
}

/** Never everyone where an audience was meant. */
function audienceIn<Context>({ audience }: InvalidationsOptions<Context>, context: Context): string | undefined {
  if (audience === undefined) return undefined
  const name: unknown = audience(context)
  if (typeof name === 'string') return name
  throw new TypeError(`"audience" gave a value of type ${typeof name}: give a string that names who may hear of it.`)
}

async function run<Context>(
  hub: InvalidationHub,
  audience: string | undefined,
  { kind, meta, next }: InvalidationCall<Context>,
): Promise<Next<{ readonly invalidate: Invalidate }>> {
  const declared = kind === 'mutation' ? invalidatesOf(meta) : []
  const held = hub.newPaths()
  let state: 'running' | 'succeeded' | 'failed' = 'running'
  const invalidate = (path: string, input?: unknown) => {
    checkPath(path)
    const invalidation = { paths: [{ path, input }] }
    if (state === 'running') held.add(invalidation)
    // A stream goes on after it was accepted.
    if (state === 'succeeded') hub.invalidate({ ...invalidation, audience })
  }
  try {
    const passed = await next({ ctx: { invalidate } })
    state = 'succeeded'
    held.add({ paths: declared.map((path) => ({ path })) })
    if (!held.isEmpty) hub.invalidate({ ...held.take(), audience })
    return passed
  } catch (thrown) {
    state = 'failed'
    throw thrown
  }
}

/** @throws TypeError for what was meant to be paths and isn't. */
function invalidatesOf(meta: unknown): readonly string[] {
  if (typeof meta !== 'object' || meta === null || !('invalidates' in meta)) return []
  const { invalidates } = meta
  if (!Array.isArray(invalidates)) {
    throw new TypeError(`"invalidates" in .meta() is of type ${typeof invalidates}: give an array of paths.`)
  }
  for (const path of invalidates) checkPath(path)
  return invalidates
}

/** Follows from now on, not from the first reading on. */
function follow<Context>(
  hub: InvalidationHub,
  audience: string | undefined,
  { signal, lastEventId }: FollowCall<Context>,
): AsyncIterable<Tracked<Invalidation> | Position> {
  const { follower, leave } = hub.follow(audience)
  if (lastEventId !== undefined) follower.tell({ all: true })
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave)
  return told()

  async function* told() {
    try {
      yield tracked.start(ANY_POINT)
      for (let next = await follower.next(); next !== undefined; next = await follower.next()) {
        yield tracked(ANY_POINT, next)
      }
    } finally {
      leave()
    }
  }
}
