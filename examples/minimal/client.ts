import { connectionOf, createClient, safe } from '@hotline/client'
import { WebSocket } from 'ws'
import type { Api } from './server.ts'

const api = createClient<Api>({ url: `ws://localhost:${process.env.PORT ?? 4000}/rpc`, WebSocket })

for (const title of ['milk', 'bread', 'eggs']) {
  const reply = await safe(api.todos.add({ title }))
  if (reply.ok) console.log(`${reply.data.number}. ${title}`)
  else if (reply.error.code === 'LIST_FULL') console.log(`No ${title}: the list holds ${reply.error.data.max}`)
}
for await (const title of await api.todos.each()) console.log(`to do: ${title}`)

connectionOf(api).close()
