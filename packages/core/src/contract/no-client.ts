import { clientProxy } from './client-proxy.ts'
import { HotlineError } from './hotline-error.ts'

/** What handlers get as `client` where no client is at the other end: each call of it rejects with `NOT_FOUND`. */
export function noClient(): object {
  return clientProxy(async (path) => {
    const message = `No client is at the other end of this call to answer "${path}". In createCaller(), give it one as { client }.`
    throw new HotlineError('NOT_FOUND', undefined, { message })
  })
}
