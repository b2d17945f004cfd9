import { clientProxy } from './client-proxy.ts'
import { HotlineError } from './hotline-error.ts'

/** What handlers get as `client` where no client is at the other end: each call of it rejects with `NOT_FOUND`. */
export function noClient(): object {
  return clientProxy(async (path) => {
    const message = `There is no client to call "${path}" at: only handlers that serve() calls for a client have one, and those of createCaller(router, context, { client }).`
    throw new HotlineError('NOT_FOUND', undefined, { message })
  })
}
