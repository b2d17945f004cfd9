import { type CallOptions, type Client, HotlineError, type Router, type Serves } from '@hotline/core'
import {
  type CallConnection,
  checkTimeout,
  clientProxy,
  type Endpoint,
  Invocation,
  invoke,
  NOTHING_CARRIED,
  onAbort,
  ProcedureTable,
} from '@hotline/core/internal'
import { EarlyEnd } from './early-end.ts'
import { failureOf, failureOfLoading } from './local-failure.ts'
import { type LocalItems, localItems } from './local-items.ts'
import { LocalStream } from './local-stream.ts'

export interface CreateCallerOptions {
  /**
   * What handlers call as `client`: the procedures of a client's router, as `createCaller(handlers, {})` gives them.
   * Without it each of its calls rejects with `NOT_FOUND`.
   */
  readonly client?: object | undefined
  /** What handlers find as `connection.principal`, and a rate limit counts by. */
  readonly principal?: string | undefined
  /** What handlers find as `connection.address`: that of the request you render for, say. */
  readonly address?: string | undefined
}

/**
 * The router's procedures as functions, without a wire: for tests, server rendering and server code. Types, validation,
 * middleware and errors are those of a client; values are handed over as they are. An `INTERNAL` error has what was
 * thrown as its `cause`.
 */
export function createCaller<Routes, Context>(
  // Not `Routes extends Serves<Context>`: so the router says what is needed, and a context that lacks it is told what.
  router: Routes & Serves<Context>,
  context: Context,
  { client, principal, address }: CreateCallerOptions = {},
): Client<Routes> {
  // `Serves` is `Router` with types.
  const procedures = new ProcedureTable(router as unknown as Router)
  const connection = { context, client, principal, address }
  const api = clientProxy(async (path, input, options) => {
    // The options were typed where the call was made.
    return call({ procedures, path, input, connection }, options as CallOptions | undefined)
  })
  // The proxy has every path; the router's type says which of them there are.
  return api as Client<Routes>
}

interface LocalCall {
  readonly procedures: ProcedureTable
  readonly path: string
  readonly input: unknown
  readonly connection: CallConnection
}

async function call({ procedures, path, input, connection }: LocalCall, options: CallOptions = {}): Promise<unknown> {
  const { signal, headers = NOTHING_CARRIED.headers, idempotencyKey } = options
  const timeoutMs = options.timeoutMs === undefined ? undefined : checkTimeout(options.timeoutMs)
  if (signal?.aborted === true) throw new HotlineError('CANCELLED', undefined, { cause: signal.reason })
  const early = new EarlyEnd({ signal, timeoutMs })
  const { invocation, items, returned } = await early.race(begin())
  if (invocation.endpoint.definition.kind !== 'subscription') return returned
  const stream = openStream(invocation, returned, signal)
  if (items !== undefined) endBehind(items, stream)
  return stream

  async function begin(): Promise<Begun> {
    const endpoint = await find(procedures, path)
    const items = localItems(endpoint, options)
    const carried = { ...NOTHING_CARRIED, headers, idempotencyKey, items: items ?? NOTHING_CARRIED.items }
    const invocation = new Invocation(endpoint, input, connection, carried)
    early.begin(invocation)
    return { invocation, items, returned: await run(invocation, items) }
  }
}

interface Begun {
  readonly invocation: Invocation
  readonly items: LocalItems | undefined
  readonly returned: unknown
}

async function find(procedures: ProcedureTable, path: string): Promise<Endpoint> {
  const endpoint = await load(procedures, path)
  if (endpoint !== undefined) return endpoint
  throw new HotlineError('NOT_FOUND', undefined, { message: `There is no procedure "${path}": check its path.` })
}

async function load(procedures: ProcedureTable, path: string): Promise<Endpoint | undefined> {
  try {
    return await procedures.find(path)
  } catch (thrown) {
    throw failureOfLoading(thrown)
  }
}

function openStream(invocation: Invocation, returned: unknown, signal: AbortSignal | undefined): LocalStream {
  let stream: LocalStream
  try {
    // `invoke` gives nothing else for a subscription.
    stream = new LocalStream(invocation, returned as AsyncIterable<unknown>)
  } catch (thrown) {
    const error = failureOf(thrown, invocation)
    invocation.abort(error)
    throw error
  }
  if (signal !== undefined) stopWith(signal, stream)
  return stream
}

/** The signal may have aborted in the moment in which the stream began. */
function stopWith(signal: AbortSignal, stream: LocalStream): void {
  const stop = () => void stream.stop(cancelled(signal))
  if (signal.aborted) return stop()
  const letGo = onAbort(signal, stop)
  stream.result.then(letGo, letGo)
}

function endBehind(items: LocalItems, stream: LocalStream): void {
  const end = () => items.end(hasEnded())
  stream.result.then(end, end)
}

async function run(invocation: Invocation, items: LocalItems | undefined): Promise<unknown> {
  const { kind } = invocation.endpoint.definition
  if (items !== undefined) {
    const { signal } = invocation
    signal.addEventListener('abort', () => items.end(signal.reason))
  }
  try {
    return await invoke(invocation)
  } catch (thrown) {
    const error = failureOf(thrown, invocation)
    // A stream that the handler had made already has nobody to read it, or to leave it.
    if (kind === 'subscription') invocation.abort(error)
    throw items?.refusal !== undefined && items.refusal === thrown ? thrown : error
  } finally {
    if (kind !== 'subscription') items?.end(hasEnded())
  }
}

function hasEnded(): HotlineError {
  return new HotlineError('CANCELLED', undefined, { message: 'The call has ended, and with it its items.' })
}

function cancelled(signal: AbortSignal): HotlineError {
  return new HotlineError('CANCELLED', undefined, { cause: signal.reason, mayHaveRun: true })
}
