import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve, topic } from '@hotline/server'
import { WebSocket } from 'ws'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd } from '../contender.ts'
import { type Item, item, items } from '../item.ts'

/** Hotline as the README shows it: default options, every input validated. */
export const hotlineContender: Contender = { serve: listen, connect }

const h = hotline()
const published = topic<Item>()
const api = h.router({
  echo: h.input(z.object({ n: z.number(), text: z.string() })).query(({ input }) => input),
  stream: h.input(z.number()).subscription(({ input }) => items(input)),
  follow: h.subscription(() => published.subscribe({ whenFull: 'drop-oldest' })),
  publish: h.input(z.number()).mutation(({ input }) => {
    for (let n = 0; n < input; n++) published.publish(item(n))
  }),
})
interface Api extends Infer<typeof api> {}

async function listen(): Promise<ServerEnd> {
  const { port } = await serve(api, { port: 0 })
  if (port === undefined) throw new Error('The server has no port.')
  return { port }
}

async function connect(port: number): Promise<ClientEnd> {
  const client = createClient<Api>({ url: `ws://localhost:${port}/rpc`, WebSocket })
  await client.echo(item(0))
  return {
    echo: (given) => client.echo(given),
    stream: async (count, onItem) => read(await client.stream(count), onItem),
    follow: async (onItem) => {
      // It ends with the process. What goes wrong before is unhandled, and ends the process too.
      void read(await client.follow(), onItem)
    },
    publish: (count) => client.publish(count),
    close: () => connectionOf(client).close(),
  }
}

async function read(stream: AsyncIterable<Item>, onItem: (item: Item) => void): Promise<void> {
  for await (const event of stream) onItem(event)
}
