import { PROTOCOL_LIMITS } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'
import { type JsonLimits, scanJson } from './scan-json.ts'

/** What a server reads from a client. */
export const CLIENT_JSON: JsonLimits = { depth: PROTOCOL_LIMITS.jsonDepth, nodes: PROTOCOL_LIMITS.clientNodes }

/** What a client reads from a server. */
export const SERVER_JSON: JsonLimits = { depth: PROTOCOL_LIMITS.jsonDepth, nodes: PROTOCOL_LIMITS.serverNodes }

/** The least characters for a value or key, in `[[],[],[]]`: text that is too short to hold too many isn't scanned. */
const NODE_CHARACTERS = 1.5

/** Letters of `__proto__`, escaped. */
const ESCAPED_LETTER = /\\u00[567]/

/**
 * What JSON says.
 * @throws ProtocolError `BAD_FRAME` for what isn't JSON, is more than `limits` let pass, or has the key `__proto__`: whoever
 * copies such an object takes over a prototype that a stranger chose.
 */
export function parseJson(text: string, what: string, limits: JsonLimits = CLIENT_JSON): unknown {
  if (text.length > limits.nodes * NODE_CHARACTERS) scanJson(text, what, limits)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new ProtocolError('BAD_FRAME', `${what} of ${text.length} characters isn't JSON.`)
  }
  if (mayHaveProto(text) && hasProto(parsed)) {
    throw new ProtocolError('BAD_FRAME', `${what} has the key "__proto__": leave it out.`)
  }
  return parsed
}

/** Plain searches take an eighth of the time that one pattern for all of it does. */
function mayHaveProto(text: string): boolean {
  return text.includes('__proto__') || (text.includes('\\u00') && ESCAPED_LETTER.test(text))
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
