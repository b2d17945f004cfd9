import type { IncomingMessage } from 'node:http'
import { inspect } from 'node:util'
import { retellError } from './retell-error.ts'

/** Shorter texts are names and flags: to black them out everywhere would leave nothing to read. */
const MIN_CHARACTERS = 8

/** What a client gave as its credentials is at most a few kilobytes; nobody has more tokens in it. */
const MAX_SECRETS = 64

/** How deep fields of an error are looked through: a failed request has its headers three levels down. */
const LOOKED_DEEP = 4

const REDACTED = '[redacted]'

/** The text without what a client gave as its credentials: `authenticate` may have quoted it. */
export function redacted(text: string, credentials: unknown): string {
  return blackOut(text, secretsIn(credentials))
}

/** What was thrown where it holds none of them, else what is left of it: message, stack and causes. */
export function withoutSecrets(thrown: unknown, credentials: unknown): unknown {
  const secrets = secretsIn(credentials)
  return isAnyIn(thrown, secrets) ? retellError(thrown, (text) => blackOut(text, secrets)) : thrown
}

/** All that a connection brought to `authenticate`, which may be in its cookies and headers. A request in memory has none. */
export function credentialsOf(auth: unknown, { headers }: Pick<IncomingMessage, 'headers'>): unknown {
  const { cookie = '', authorization = '' } = headers ?? {}
  return [auth, cookie, ...cookie.split(/[;=]/), authorization, ...authorization.split(' ')].map((part) =>
    typeof part === 'string' ? part.trim() : part,
  )
}

function blackOut(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, REDACTED), text)
}

function isAnyIn(thrown: unknown, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false
  try {
    const shown = inspect(thrown, { depth: LOOKED_DEEP, customInspect: false, breakLength: Number.POSITIVE_INFINITY })
    // Strings in it are quoted, and what has to be escaped in quotes is.
    return secrets.some((secret) => shown.includes(secret) || shown.includes(inspect(secret).slice(1, -1)))
  } catch {
    return true
  }
}

/** The longest first: one may be the beginning of another. */
function secretsIn(credentials: unknown): string[] {
  const found: string[] = []
  const rest: unknown[] = [credentials]
  while (rest.length > 0 && found.length < MAX_SECRETS) {
    const value = rest.pop()
    if (typeof value === 'string' && value.length >= MIN_CHARACTERS) found.push(value)
    else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) rest.push(member)
  }
  return found.sort((a, b) => b.length - a.length)
}
