import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve, topic } from '@hotline/server'
import { WebSocket } from 'ws'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd, Task } from '../contender.ts'
import { ITEM_SCHEMA, type Item, item, items } from '../item.ts'
import { DATED_ROWS, ROWS } from '../rows.ts'

/** Hotline as the README shows it: default options, every input validated. */
export const contender: Contender = { serve: listen, connect }

const h = hotline()
const published = topic<Item>()
const api = h.router({
  echo: h.input(ITEM_SCHEMA).query(({ input }) => input),
  stream: h.input(z.number()).subscription(({ input }) => items(input)),
  follow: h.subscription(() => published.subscribe({ whenFull: 'drop-oldest' })),
  publish: h.input(z.number()).mutation(({ input }) => {
    for (let n = 0; n < input; n++) published.publish(item(n))
  }),
  rows: h.query(() => ROWS),
  datedRows: h.query(() => DATED_ROWS),
  bytes: h.input(z.instanceof(Uint8Array)).query(({ input }) => input),
})
interface Api extends Infer<typeof api> {}

/** What the router has beside `api`: as many as a task says. */
type Numbered = Readonly<Record<`echo${number}`, (item: Item) => Promise<Item>>>

async function listen({ procedures }: Task): Promise<ServerEnd> {
  const numbered = Array.from({ length: procedures }, (_, number) => [`echo${number}`, echo()] as const)
  const { port } = await serve(h.router({ ...Object.fromEntries(numbered), ...api }), { port: 0 })
  if (port === undefined) throw new Error('The server has no port.')
  return { port }
}

function echo() {
  return h.input(ITEM_SCHEMA).query(({ input }) => input)
}

async function connect(port: number): Promise<ClientEnd> {
  const client = createClient<Api>({ url: `ws://localhost:${port}/rpc`, WebSocket })
  // `Infer` knows the procedures that are written down, not those that a task asks for.
  const numbered = client as unknown as Numbered
  return {
    echo: (given) => client.echo(given),
    echoBy: (number, given) => numbered[`echo${number}`]?.(given) ?? missing(number),
    stream: async (count, onItem) => read(await client.stream(count), onItem),
    follow: async (onItem) => {
      // It ends with the process. What goes wrong before is unhandled, and ends the process too.
      void read(await client.follow(), onItem)
    },
    publish: (count) => client.publish(count),
    rows: () => client.rows(),
    datedRows: () => client.datedRows(),
    bytes: (bytes) => client.bytes(bytes),
    close: () => connectionOf(client).close(),
  }
}

async function read(stream: AsyncIterable<Item>, onItem: (item: Item) => void): Promise<void> {
  for await (const event of stream) onItem(event)
}

function missing(number: number): never {
  throw new Error(`There is no procedure echo${number}.`)
}
