import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/server'
import * as z from 'zod'

/** Who looks at the page. Two may have the same name. */
export interface Visitor {
  readonly id: string
  readonly name: string
}

const COOKIE = 'visitor'
const Visitor = z.object({ id: z.uuid(), name: z.string().trim().min(1).max(40) })

/** Without one of your own, everybody signs in anew after a restart. */
const secret = process.env.COOKIE_SECRET ?? randomBytes(32)

/** Somebody new, taken at their word: this is an example. @throws HotlineError for what is no name. */
export function newVisitor(name: unknown): Visitor {
  const parsed = Visitor.safeParse({ id: randomUUID(), name })
  if (parsed.success) return parsed.data
  throw new HotlineError('UNAUTHORIZED', undefined, { message: 'Choose a name of 1 to 40 characters.' })
}

/** Who a request is from. The one check: requests for the page, its forms and the WebSocket's upgrade all come here. */
export function visitorOf(request: IncomingMessage): Visitor | undefined {
  const [value = '', signature = ''] = cookieOf(request).split('.')
  const expected = sign(value)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return Visitor.parse(JSON.parse(Buffer.from(value, 'base64url').toString()))
}

/** The header that makes a browser a visitor's; `undefined` makes it nobody's. Behind TLS add `Secure`. */
export function setCookie(visitor: Visitor | undefined): string {
  const attributes = 'Path=/; HttpOnly; SameSite=Lax'
  if (visitor === undefined) return `${COOKIE}=; Max-Age=0; ${attributes}`
  const value = Buffer.from(JSON.stringify(visitor)).toString('base64url')
  return `${COOKIE}=${value}.${sign(value).toString('base64url')}; ${attributes}`
}

function cookieOf({ headers }: IncomingMessage): string {
  const cookies = (headers.cookie ?? '').split('; ')
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? ''
}

function sign(value: string): Buffer {
  return createHmac('sha256', secret).update(value).digest()
}
