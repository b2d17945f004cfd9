import { mayRetry } from '@hotline/client'
import { clientProxy, superjsonCodec } from '@hotline/core/internal'
import { isServer } from './is-server.ts'
import { MAKERS, type Maker } from './option-makers.ts'
import { callOf, type FactoryOptions } from './procedure.ts'
import type { QueryOptionsOf } from './query-options-of.ts'

/**
 * TanStack Query options for every procedure of a client, or of a caller on a server that renders:
 * `const hot = createQueryOptions(api)`, then `useQuery(hot.tasks.list.queryOptions({ done: false }))`. Both give the same
 * keys. It works with every framework that TanStack Query has an adapter for.
 */
export function createQueryOptions<Api extends object>(api: Api, options: FactoryOptions = {}): QueryOptionsOf<Api> {
  // A server that renders makes no second attempt.
  const { prefix, codec = superjsonCodec, retry = !isServer() && mayRetry } = options
  const proxy = clientProxy((path, first, second) => {
    const names = path.split('.')
    const make = makerOf(names.pop())
    const procedure = {
      names,
      prefix,
      codec,
      retry,
      call: callOf(api, names),
      callLive: callOf(api, [...names, 'live']),
    }
    // The arguments were typed where they were written.
    return make(procedure, first as never, second as never)
  })
  // The proxy has every path; `Api` says which of them there are.
  return proxy as QueryOptionsOf<Api>
}

function makerOf(name = ''): Maker {
  if (Object.hasOwn(MAKERS, name)) return MAKERS[name as keyof typeof MAKERS]
  throw new TypeError(`There is no "${name}" of a procedure, only ${Object.keys(MAKERS).join(', ')}.`)
}
