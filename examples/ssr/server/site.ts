import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { attach, HotlineError, isHotlineError, type Server } from '@hotline/server'
import { api, type Context } from './api.ts'
import { takeForm } from './forms.ts'
import type { Rendered } from './render.tsx'
import { Todos } from './todos.ts'
import { Visitors } from './visitors.ts'

/** Where the page's parts come from: a build, or Vite while one works on it. */
export interface Pages {
  /** Answers a request for a script or a style; `next` where it is for none. */
  file(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** index.html, with places for what is rendered. */
  template(url: string): Promise<string>
  render(context: Context | undefined): Promise<Rendered>
  readonly headers: Readonly<Record<string, string>>
}

/** Codes that are the visitor's doing. */
const STATUS: Readonly<Record<string, number>> = {
  BAD_INPUT: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  LIST_FULL: 409,
}

/** Answers an HTTP server's requests with the page, its forms and its files, and puts the line beside them. */
export function openSite(http: HttpServer, pages: Pages): Server<Context> {
  const todos = new Todos()
  const visitors = new Visitors()

  /** Who a page is rendered for, and who calls on a line: the same cookie, the same check, the same context. */
  function contextOf(request: IncomingMessage): Context | undefined {
    const visitor = visitors.of(request)
    return visitor && { visitor, todos }
  }

  const server = attach(api, {
    server: http,
    path: '/rpc',
    authenticate({ request }) {
      const context = contextOf(request)
      if (context === undefined) throw new HotlineError('UNAUTHORIZED')
      return { principal: context.visitor.id, context }
    },
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      response.writeHead(303, await takeForm({ request, server, todos, visitors })).end()
      return
    }
    const path = request.url?.split('?', 1)[0]
    if (request.method !== 'GET' || path !== '/') throw new HotlineError('NOT_FOUND')
    const { html, state } = await pages.render(contextOf(request))
    const template = await pages.template(path)
    // By a function: in a string `$&` and its like would be more than text.
    const page = template.replace(/<!--(html|state)-->/g, (_, name) => (name === 'html' ? html : state))
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' })
    response.end(page)
  }

  http.on('request', (request, response) => {
    for (const [name, value] of Object.entries(pages.headers)) response.setHeader(name, value)
    pages.file(request, response, () => {
      answer(request, response).catch((error: unknown) => refuse(response, error))
    })
  })
  return server
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = isHotlineError(error) ? STATUS[error.code] : undefined
  if (status === undefined) console.error(error)
  // What is left unread of a form would stand before the next request.
  if (!response.req.complete) response.setHeader('connection', 'close')
  response.writeHead(status ?? 500, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${status === undefined || !(error instanceof Error) ? 'Something went wrong.' : error.message}\n`)
}
