import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Client, Server } from 'rpc-websockets'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { ITEM_SCHEMA, item, items } from '../../src/item.ts'
import { type DatedRow, ROWS, type Row } from '../../src/rows.ts'
import { fromBase64, toBase64 } from './text/base64.ts'

/**
 * rpc-websockets' documented way: registered methods, events for notifications; zod by hand, dates and bytes as text.
 * It has no streams: one is an event that the caller alone subscribes to.
 */
export const contender: Contender = { serve, connect }

async function serve({ procedures }: Task): Promise<ServerEnd> {
  const server = new Server({ port: 0, host: 'localhost' })
  server.event('streamed')
  server.event('published')
  // Methods get what was sent, whatever it is: so they parse it.
  const method = <Params>(name: string, schema: z.ZodType<Params>, answer: (params: Params) => unknown) =>
    server.register(name, (params) => answer(schema.parse(params)) as never).public()
  method('echo', ITEM_SCHEMA, (given) => given)
  method('stream', z.tuple([z.number()]), async ([count]) => {
    for await (const event of items(count)) server.emit('streamed', event)
    return null
  })
  method('publish', z.tuple([z.number()]), ([count]) => {
    for (let n = 0; n < count; n++) server.emit('published', item(n))
    return null
  })
  method('rows', z.unknown(), () => ROWS)
  method('bytes', z.tuple([z.string()]), ([text]) => toBase64(fromBase64(text)))
  for (let number = 0; number < procedures; number++) method(`echo${number}`, ITEM_SCHEMA, (given) => given)
  await once(server.wss, 'listening')
  return { port: (server.wss.address() as AddressInfo).port }
}

async function connect(port: number): Promise<ClientEnd> {
  // A storm may take longer than its five tries; it ends with the process.
  const client = new Client(`ws://localhost:${port}`, { max_reconnects: 0 })
  client.on('error', () => {})
  await new Promise<void>((resolve) => client.once('open', () => resolve()))
  // Whoever makes a call knows what its method answers.
  const call = (name: string, params?: object) => client.call(name, params as never) as Promise<never>
  return {
    echo: (given) => call('echo', given),
    echoBy: (number, given) => call(`echo${number}`, given),
    stream: async (count, onItem) => {
      client.on('streamed', onItem)
      await client.subscribe('streamed')
      await call('stream', [count])
      await client.unsubscribe('streamed')
      client.off('streamed', onItem)
    },
    follow: async (onItem) => {
      client.on('published', onItem)
      await client.subscribe('published')
    },
    publish: (count) => call('publish', [count]),
    rows: () => call('rows'),
    datedRows: async () => ((await call('rows')) as Row[]).map(dated),
    bytes: async (bytes) => fromBase64(await call('bytes', [toBase64(bytes)])),
    close: () => client.close(),
  }
}

function dated(row: Row): DatedRow {
  return { ...row, createdAt: new Date(row.createdAt) }
}
