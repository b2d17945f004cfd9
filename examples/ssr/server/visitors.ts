import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/server'
import * as z from 'zod'

/** Who looks at the page. Two may have the same name. */
export interface Visitor {
  readonly id: string
  readonly name: string
}

const COOKIE = 'visitor'
/** Behind TLS add `Secure`. */
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax'
const MAX_VISITORS = 10_000
const Name = z.string().trim().min(1).max(40)

/** Everybody who has signed in, in memory: after a restart they do so anew. */
export class Visitors {
  readonly #byToken = new Map<string, Visitor>()

  /** Who a request is from. The one check: requests for the page, its forms and the WebSocket's upgrade all come here. */
  of(request: IncomingMessage): Visitor | undefined {
    return this.#byToken.get(tokenOf(request))
  }

  /**
   * Gives the `set-cookie` that makes a browser a new visitor's. They are taken at their word: this is an example.
   * @throws HotlineError for what is no name.
   */
  signIn(name: unknown): string {
    const parsed = Name.safeParse(name)
    if (!parsed.success)
      throw new HotlineError('UNAUTHORIZED', undefined, { message: 'Choose a name of 1 to 40 characters.' })
    const token = randomBytes(32).toString('base64url')
    this.#byToken.set(token, { id: randomUUID(), name: parsed.data })
    const [oldest] = this.#byToken.keys()
    if (this.#byToken.size > MAX_VISITORS && oldest !== undefined) this.#byToken.delete(oldest)
    return `${COOKIE}=${token}; ${ATTRIBUTES}`
  }

  /** From now on the request's cookie is nobody's. Gives the `set-cookie` that takes it away. */
  signOut(request: IncomingMessage): string {
    this.#byToken.delete(tokenOf(request))
    return `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`
  }
}

function tokenOf({ headers }: IncomingMessage): string {
  const cookies = (headers.cookie ?? '').split('; ')
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? ''
}
