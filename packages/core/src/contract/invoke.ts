import type { Invocation } from './invocation.ts'
import { isThenable } from './is-thenable.ts'
import type { Endpoint } from './procedure-table.ts'
import { acceptInput, acceptOutput, type Checked, check } from './validate.ts'

/**
 * Runs a procedure: middleware from the outside in, then the input's schema, the handler, the output's schema.
 * Gives the result, for a subscription its iterable; a promise only where something on the way was one.
 * Throws or rejects with whatever was thrown on the way.
 */
export function invoke(call: Invocation): unknown {
  return call.endpoint.definition.middleware.length === 0 ? run(call) : enter(call, 0, call.ctx)
}

/** What the output's schema makes of a stream's item; a promise only where the schema gives one. */
export function checkItem(call: Invocation, item: unknown): unknown {
  const { output } = call.endpoint.definition
  return output === undefined ? item : settle(check(output, item), (checked) => acceptOutput(checked, itemOf(call)))
}

/** What the schema of `items` makes of one; a promise only where the schema gives one. Throws or rejects with `BAD_INPUT`. */
export function acceptItem({ definition, path }: Endpoint, item: unknown): unknown {
  const { items } = definition
  if (items === undefined) return item
  const message = `An item of "${path}" doesn't fit its schema.`
  return settle(check(items, item), (checked) => acceptInput(checked, { message, mayHaveRun: true }))
}

async function enter(call: Invocation, depth: number, ctx: unknown): Promise<unknown> {
  call.ctx = ctx
  const middleware = call.endpoint.definition.middleware[depth]
  if (middleware === undefined) return run(call)
  let inner: Promise<unknown> | undefined
  // What "next()" resolves to. A middleware hands it back; the result itself passes by it.
  const token = Object.freeze({})
  const proceed = async (added: { readonly ctx: object } | undefined): Promise<object> => {
    if (inner !== undefined) throw new Error(`A middleware of "${call.path}" called next() twice: call it once.`)
    inner = enter(call, depth + 1, added === undefined ? ctx : { ...(ctx as object), ...added.ctx })
    await inner
    return token
  }
  const next = (added?: { readonly ctx: object }): Promise<object> => {
    const outcome = proceed(added)
    // A middleware that fails by itself meanwhile leaves this unread, and an unhandled rejection ends the process.
    outcome.catch(() => {})
    return outcome
  }
  try {
    const given: unknown = await middleware(middlewareCall(call, ctx, next))
    if (given === token) return await inner
    throw new Error(`A middleware of "${call.path}" gave something of its own: end it with "return next()".`)
  } catch (thrown) {
    call.isOver = true
    throw thrown
  }
}

function middlewareCall(call: Invocation, ctx: unknown, next: unknown): object {
  return {
    ctx,
    next,
    get signal() {
      return call.signal
    },
    errors: call.errors,
    meta: call.meta,
    headers: call.headers,
    lastEventId: call.lastEventId,
    idempotencyKey: call.idempotencyKey,
    client: call.client,
    connection: call.connection,
    path: call.path,
    kind: call.endpoint.definition.kind,
  }
}

function run(call: Invocation): unknown {
  const { input } = call.endpoint.definition
  if (input === undefined) {
    call.input = undefined
    return handle(call)
  }
  return settle(check(input, call.input), (checked) => {
    call.input = acceptInput(checked)
    return handle(call)
  })
}

function handle(call: Invocation): unknown {
  if (call.isOver) throw new Error(`"${call.path}" was answered before its handler began: it does not begin any more.`)
  // Who is gone, or was thrown out, while middleware and schema took their time has nothing begun any more.
  if (call.isAborted) throw call.abortReason
  call.hasBegun = true
  const returned: unknown = call.endpoint.definition.handler(call)
  // What is returned may be no real promise: what the `then` of one gives is its own affair.
  return isThenable(returned) ? Promise.resolve(returned).then((value) => finish(call, value)) : finish(call, returned)
}

function finish(call: Invocation, returned: unknown): unknown {
  const { kind, output } = call.endpoint.definition
  if (kind === 'subscription') {
    if (isAsyncIterable(returned)) return returned
    throw new Error(`The subscription "${call.path}" returned no async iterable: make it an async function*.`)
  }
  if (output === undefined) return returned
  return settle(check(output, returned), (checked) => acceptOutput(checked, `What "${call.path}" returned`))
}

function settle(checked: Checked | Promise<Checked>, then: (checked: Checked) => unknown): unknown {
  return isThenable(checked) ? Promise.resolve(checked).then(then) : then(checked)
}

function itemOf(call: Invocation): string {
  return `An item of "${call.path}"`
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
