import type { IncomingMessage } from 'node:http'
import { createCaller, HotlineError, type Server } from '@hotline/server'
import { api, type Context } from './api.ts'
import type { Todos } from './todos.ts'
import type { Visitors } from './visitors.ts'

const MAX_FORM_LENGTH = 10_000

/** What a form needs to be done. */
export interface FormCall {
  readonly request: IncomingMessage
  readonly server: Server<Context>
  readonly todos: Todos
  readonly visitors: Visitors
}

interface Filled extends FormCall {
  readonly form: URLSearchParams
}

/** Does what a form asks for, and gives the headers of the answer. */
type TakeForm = (filled: Filled) => Promise<Record<string, string>>

const FORMS: ReadonlyMap<string | undefined, TakeForm> = new Map([
  ['/sign-in', async ({ form, visitors }: Filled) => ({ 'set-cookie': visitors.signIn(form.get('name')) })],
  ['/sign-out', signOut],
  ['/add', add],
])

/**
 * Does what a form of the page asks for. Gives the headers of an answer that leads back to the page.
 * @throws HotlineError `FORBIDDEN`, `NOT_FOUND`, `BAD_INPUT`, or whatever the procedure throws.
 */
export async function takeForm(call: FormCall): Promise<Record<string, string>> {
  const take = FORMS.get(call.request.url)
  if (take === undefined) throw new HotlineError('NOT_FOUND')
  // The cookie stays away from other sites' forms by itself; nobody shall be signed in by one either.
  if (!isOwnOrigin(call.request)) throw new HotlineError('FORBIDDEN')
  return { location: '/', ...(await take({ ...call, form: await readForm(call.request) })) }
}

/** The same check as the WebSocket's, and then the same procedure as the page calls. */
async function add({ form, request, todos, visitors }: Filled): Promise<Record<string, string>> {
  const visitor = visitors.of(request)
  if (visitor === undefined) throw new HotlineError('UNAUTHORIZED')
  await createCaller(api, { visitor, todos }).todos.add({ title: form.get('title') ?? '' })
  return {}
}

/** The pages that are still open lose their line, too: a cookie is looked at only when one is made. */
async function signOut({ request, server, visitors }: Filled): Promise<Record<string, string>> {
  const visitor = visitors.of(request)
  const cookie = visitors.signOut(request)
  if (visitor !== undefined) server.revoke(visitor.id)
  return { 'set-cookie': cookie }
}

function isOwnOrigin({ headers }: IncomingMessage): boolean {
  const { origin = '', host } = headers
  return URL.canParse(origin) && new URL(origin).host === host
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > MAX_FORM_LENGTH) throw new HotlineError('FORBIDDEN', undefined, { message: 'That is too long.' })
  }
  return new URLSearchParams(text)
}
