import type { IncomingMessage } from 'node:http'
import { SUBPROTOCOL } from '@hotline/core/internal'
import { GATE_REFUSALS, type GateRefusalName } from './gate/gate-refusals.ts'

/** An upgrade that is answered with plain HTTP instead. */
export interface HandshakeRefusal {
  readonly name: GateRefusalName
  /** What was wrong and the remedy. */
  readonly message: string
  /** An origin that the deployer may want to add to `origins`. */
  readonly origin: string | undefined
}

/** What a handshake is checked against. */
export interface HandshakeRules {
  /** Origins that may connect; `undefined` for the host's own. */
  readonly origins: ReadonlySet<string> | undefined
  /** Whether the upgrade is known to have come over TLS all the way. */
  readonly isOverTls: boolean
}

/** What is wrong with an upgrade request; `undefined` where nothing is. */
export function checkHandshake(request: IncomingMessage, rules: HandshakeRules): HandshakeRefusal | undefined {
  return checkMethod(request) ?? checkSubprotocol(request) ?? checkOrigin(request, rules)
}

/** Whether the upgrade is for this path, whatever its query says. */
export function isForPath(request: IncomingMessage, path: string): boolean {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  return (end === -1 ? url : url.slice(0, end)) === path
}

function checkMethod({ method }: IncomingMessage): HandshakeRefusal | undefined {
  return method === 'GET' ? undefined : refusal('method', GATE_REFUSALS.method.says)
}

function checkSubprotocol(request: IncomingMessage): HandshakeRefusal | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (offered.includes(SUBPROTOCOL)) return undefined
  return refusal(
    'subprotocol',
    `This endpoint speaks the WebSocket subprotocol "${SUBPROTOCOL}": offer it, or see that no proxy drops the Sec-WebSocket-Protocol header.`,
  )
}

/**
 * Browsers send an Origin with every WebSocket and let any page open one anywhere, with the cookies of the host:
 * whoever doesn't check it is open to every page (RFC 6455, section 10.2). No browser sends two.
 */
function checkOrigin(request: IncomingMessage, rules: HandshakeRules): HandshakeRefusal | undefined {
  const [origin, second] = originsOf(request)
  if (second !== undefined) return refusal('origin', 'A request may have one Origin.')
  if (origin === undefined) {
    if (request.headers.cookie === undefined) return undefined
    return refusal('origin', 'A request with cookies came without an Origin: send the Origin of your page.')
  }
  return isAllowed(origin, request, rules) ? undefined : refusal('origin', GATE_REFUSALS.origin.says, origin)
}

/** As they came: `headers` keeps the first alone, and what `headersDistinct` makes stays with the request. */
function originsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'origin')
}

function isAllowed(origin: string, { headers }: IncomingMessage, { origins, isOverTls }: HandshakeRules): boolean {
  if (origins !== undefined) return origins.has(origin)
  if (headers.host === undefined || !URL.canParse(origin)) return false
  const { host, protocol } = new URL(origin)
  // A page without TLS may be anybody's who is on the line. Behind a proxy that isn't known, TLS may end there.
  return host === headers.host.toLowerCase() && (protocol === 'https:' || !isOverTls)
}

function refusal(name: GateRefusalName, message: string, origin?: string): HandshakeRefusal {
  return { name, message, origin }
}
