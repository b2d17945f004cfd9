import { EventEmitter, on } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { createClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { type Item, item, items } from '../../src/item.ts'
import { type DatedRow, ROWS, type Row } from '../../src/rows.ts'
import { fromBase64, toBase64 } from './text/base64.ts'

/** graphql-ws' documented way: a schema, which also validates, and its client; dates and bytes as text. */
export const contender: Contender = { serve, connect }

const published = new EventEmitter().setMaxListeners(0)

const ROOT = {
  echo: ({ given }: { given: Item }) => given,
  publish: ({ count }: { count: number }) => {
    for (let n = 0; n < count; n++) published.emit('item', item(n))
    return true
  },
  rows: () => ROWS,
  bytes: ({ base64 }: { base64: string }) => toBase64(fromBase64(base64)),
  stream: async function* ({ count }: { count: number }) {
    for await (const event of items(count)) yield { stream: event }
  },
  follow: async function* () {
    for await (const [event] of on(published, 'item')) yield { follow: event }
  },
}

function schemaOf({ procedures }: Task): GraphQLSchema {
  const numbered = Array.from({ length: procedures }, (_, number) => `echo${number}(given: Given!): Item!`)
  return buildSchema(`
    input Given { n: Int! text: String! }
    type Item { n: Int! text: String! }
    type Row { id: Int! title: String! done: Boolean! owner: String! createdAt: String! }
    type Query { echo(given: Given!): Item! rows: [Row!]! bytes(base64: String!): String! ${numbered.join(' ')} }
    type Mutation { publish(count: Int!): Boolean! }
    type Subscription { stream(count: Int!): Item! follow: Item! }
  `)
}

async function serve(task: Task): Promise<ServerEnd> {
  const wss = new WebSocketServer({ port: 0 })
  const numbered = Array.from({ length: task.procedures }, (_, number) => [`echo${number}`, ROOT.echo])
  useServer({ schema: schemaOf(task), roots: rootsOf({ ...ROOT, ...Object.fromEntries(numbered) }) }, wss)
  await new Promise((resolve) => wss.once('listening', resolve))
  return { port: (wss.address() as AddressInfo).port }
}

function rootsOf(root: Record<string, object>) {
  return { query: root, mutation: root, subscription: root }
}

async function connect(port: number): Promise<ClientEnd> {
  // Lazy, which is its default, it would connect anew for each call that has no other beside it.
  const client = createClient({
    url: `ws://localhost:${port}`,
    webSocketImpl: WebSocket,
    lazy: false,
    onNonLazyError: () => {},
  })
  // Subscriptions have no way to say that they have begun.
  const ask = <Result>(query: string, variables: Record<string, unknown>, onItem?: (item: Item) => void) =>
    new Promise<Result>((resolve, reject) => {
      let result: Record<string, unknown> | null | undefined
      client.subscribe<Record<string, unknown>>(
        { query, variables },
        {
          next({ data, errors }) {
            if (errors !== undefined) return reject(errors[0])
            result = data
            // Only a subscription has `onItem`, and its fields are items.
            if (onItem !== undefined) for (const event of Object.values(data ?? {})) onItem(event as Item)
          },
          error: reject,
          // The query has one field, and whoever asks knows what it is.
          complete: () => resolve(Object.values(result ?? {})[0] as Result),
        },
      )
    })
  const rows = () => ask<Row[]>('{ rows { id title done owner createdAt } }', {})
  return {
    echo: (given) => ask('query ($given: Given!) { echo(given: $given) { n text } }', { given }),
    echoBy: (number, given) => ask(`query ($given: Given!) { echo${number}(given: $given) { n text } }`, { given }),
    stream: (count, onItem) =>
      ask('subscription ($count: Int!) { stream(count: $count) { n text } }', { count }, onItem),
    follow: async (onItem) => {
      void ask('subscription { follow { n text } }', {}, onItem)
      // What is asked later is answered later.
      await rows()
    },
    publish: (count) => ask('mutation ($count: Int!) { publish(count: $count) }', { count }),
    rows,
    datedRows: async () => (await rows()).map(dated),
    bytes: async (bytes) =>
      fromBase64(await ask('query ($base64: String!) { bytes(base64: $base64) }', { base64: toBase64(bytes) })),
    close: () => void client.dispose(),
  }
}

function dated(row: Row): DatedRow {
  return { ...row, createdAt: new Date(row.createdAt) }
}
