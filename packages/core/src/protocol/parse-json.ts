import { ProtocolError } from './protocol-error.ts'

/** Only text with one of these can have a key `__proto__`: as it is, or with letters of it escaped. */
const SUSPICIOUS = /__proto__|\\u00[57]|\\u006/

/**
 * What JSON says.
 * @throws ProtocolError `BAD_FRAME` for what isn't JSON, or has the key `__proto__`: whoever copies such an object takes
 * over a prototype that a stranger chose.
 */
export function parseJson(text: string, what: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new ProtocolError('BAD_FRAME', `${what} of ${text.length} characters isn't JSON.`)
  }
  if (SUSPICIOUS.test(text) && hasProto(parsed)) {
    throw new ProtocolError('BAD_FRAME', `${what} has the key "__proto__": leave it out.`)
  }
  return parsed
}

/** Without recursion: a stranger chose how deep it is. */
function hasProto(root: unknown): boolean {
  const rest: unknown[] = [root]
  while (rest.length > 0) {
    const value = rest.pop()
    if (typeof value !== 'object' || value === null) continue
    if (Object.hasOwn(value, '__proto__')) return true
    for (const member of Object.values(value)) rest.push(member)
  }
  return false
}
