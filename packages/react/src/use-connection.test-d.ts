import { type Client, type Connection, connectionOf, connectionStore, createClient } from '@hotline/client'
import { hotline, type Infer } from '@hotline/core'
import { describe, expectTypeOf, it } from 'vitest'
import { useConnection } from './use-connection.ts'

const h = hotline<object>()
const router = h.router({
  // Names that a connection has, too.
  state: h.query(() => 'open' as const),
  subscribe: h.subscription(async function* () {
    yield 1
  }),
})
interface Api extends Infer<typeof router> {}
declare const api: Client<Api>
declare const connection: Connection

function useLine<Some extends object>(some: Client<Some>, given: object) {
  connectionOf(some)
  connectionOf(given)
  useConnection(given)
  return useConnection(some)
}

describe('useConnection, connectionStore and connectionOf', () => {
  it('take a client, of whatever API', () => {
    expectTypeOf(useConnection).toBeCallableWith(api)
    expectTypeOf(connectionStore).toBeCallableWith(api)
    expectTypeOf(connectionOf).toBeCallableWith(api)
    expectTypeOf(connectionStore).toBeCallableWith()
    connectionOf(createClient({ url: '' }))
    interface Named extends Client<Api> {}
    expectTypeOf(useConnection).toBeCallableWith({} as Named)
  })

  it('take a client whose API nobody knows yet', () => {
    expectTypeOf(useLine).toBeFunction()
  })

  it('take no connection, and nothing', () => {
    // @ts-expect-error it is the connection already
    useConnection(connection)
    // @ts-expect-error it is the connection already
    connectionStore(connection)
    // @ts-expect-error it is the connection already
    connectionOf(connection)
    // @ts-expect-error a client may not be there
    useConnection({} as Client<Api> | undefined)
  })
})
