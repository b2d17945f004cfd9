import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connectionOf, createClient } from '@hotline/client'
import { hydrate } from '@tanstack/react-query'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createQueryClient } from '../page/hotline.ts'
import type { Api } from '../server/api.ts'
import { render } from '../server/render.tsx'
import { Todos } from '../server/todos.ts'
import { startSite } from './site.ts'

describe('rendering', () => {
  test('opens no socket, gives the list as HTML and takes its dates, BigInts and maps along as they are', async () => {
    const todos = new Todos()
    todos.add('milk', 'ann')
    const sockets: unknown[] = []
    const onSocket = (message: unknown) => void sockets.push(message)
    subscribe('net.client.socket', onSocket)
    const { html, state } = await render({ visitor: { id: '1', name: 'ann' }, todos })
    unsubscribe('net.client.socket', onSocket)
    expect(sockets).toEqual([])
    expect(html).toMatch(/milk.*no\. 9007199254740993, ann.*ann has added 1/s)

    const queryClient = createQueryClient()
    hydrate(queryClient, JSON.parse(textOf(state)))
    const values = queryClient
      .getQueryCache()
      .getAll()
      .map((query) => query.state.data)
    expect(values).toStrictEqual(['ann', todos.list])
  })

  test('leaves nothing in a script that could end it', async () => {
    const todos = new Todos()
    todos.add('</script><script>alert(1)</script><!--', '</SCRIPT>')
    const { html, state } = await render({ visitor: { id: '1', name: '<b>' }, todos })
    expect(textOf(state)).not.toContain('<')
    expect(html).not.toMatch(/<(script|b>)/i)
  })
})

describe('the site', () => {
  test('has the data in its HTML, with no line open', async () => {
    await using site = await startSite()
    const cookie = await site.signIn('ann')
    await site.post('/add', { cookie, title: 'milk' })
    expect(await site.html(cookie)).toMatch(
      /<span class="title">milk<\/span>.*<script id="state"[^>]*>\{"mutations":\[\]/s,
    )
    expect(site.upgrades).toEqual([])
    expect(site.server.stats()).toMatchObject({ connections: 0, sessions: 0 })
  })

  test('asks for the same cookie on the page, in its forms and on the line', async () => {
    await using site = await startSite()
    const left = await site.signIn('ann')
    await site.post('/sign-out', { cookie: left })
    for (const cookie of ['', 'visitor=', 'visitor=nonsense', left]) {
      expect(await site.html(cookie)).toContain('action="/sign-in"')
      expect((await site.post('/add', { cookie, title: 'milk' })).status).toBe(401)
      expect(await callOnLine(site.url, cookie)).toBe('unauthenticated')
    }
    expect(await callOnLine(site.url, await site.signIn('ann'))).toBe('ann')
  })

  test('refuses a form that is too long, and is there for the next request', async () => {
    await using site = await startSite()
    expect((await site.post('/sign-in', { name: 'x'.repeat(3_000_000) })).status).toBe(403)
    for (let request = 0; request < 3; request++) expect((await fetch(site.url)).status).toBe(200)
  })

  test('takes no form of another site, and nothing that is no name', async () => {
    await using site = await startSite()
    for (const origin of ['https://evil.example', 'null'])
      expect(
        (await fetch(`${site.url}/sign-in`, { method: 'POST', body: 'name=ann', headers: { origin } })).status,
      ).toBe(403)
    expect((await site.post('/sign-in', { name: ' ' })).status).toBe(401)
    expect((await site.post('/add', { cookie: await site.signIn('ann'), title: ' ' })).status).toBe(400)
  })
})

/** What stands between the tags of the element that holds the cache. */
function textOf(state: string): string {
  return /^<script [^>]+>(.*)<\/script>$/s.exec(state)?.[1] ?? ''
}

/** Who the server says that a program with this cookie is, or the state of its line where it gets none. */
async function callOnLine(url: string, cookie: string): Promise<string> {
  class CookieSocket extends WebSocket {
    constructor(to: string | URL, protocols?: string | string[]) {
      super(to, protocols, { headers: { cookie, origin: url } })
    }
  }
  const client = createClient<Api>({ url: `${url.replace('http', 'ws')}/rpc`, WebSocket: CookieSocket })
  const connection = connectionOf(client)
  const answer = await client.me().catch(() => connection.state.name)
  connection.close()
  return answer
}
