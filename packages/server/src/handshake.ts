import type { IncomingMessage } from 'node:http'
import { SUBPROTOCOL } from '@hotline/core/internal'
import type { UpgradeRefusal } from './refuse-upgrade.ts'

/** An upgrade that is answered with plain HTTP instead. */
export interface HandshakeRefusal extends UpgradeRefusal {
  /** An origin that the deployer may want to add to `origins`. */
  readonly origin: string | undefined
}

/** What is wrong with an upgrade request; `undefined` where nothing is. */
export function checkHandshake(
  request: IncomingMessage,
  origins: ReadonlySet<string> | undefined,
): HandshakeRefusal | undefined {
  return checkSubprotocol(request) ?? checkOrigin(request, origins)
}

/** Whether the upgrade is for this path, whatever its query says. */
export function isForPath(request: IncomingMessage, path: string): boolean {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  return (end === -1 ? url : url.slice(0, end)) === path
}

function checkSubprotocol(request: IncomingMessage): HandshakeRefusal | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (offered.includes(SUBPROTOCOL)) return undefined
  const message = `This endpoint speaks the WebSocket subprotocol "${SUBPROTOCOL}": offer it, or see that no proxy drops the Sec-WebSocket-Protocol header.`
  return { status: 400, message, origin: undefined }
}

/**
 * Browsers send an Origin with every WebSocket and let any page open one anywhere, with the cookies of the host:
 * whoever doesn't check it is open to every page (RFC 6455, section 10.2).
 */
function checkOrigin(request: IncomingMessage, origins: ReadonlySet<string> | undefined): HandshakeRefusal | undefined {
  const { origin, host, cookie } = request.headers
  if (origin === undefined) {
    if (cookie === undefined) return undefined
    return {
      status: 403,
      message: 'A request with cookies came without an Origin: send the Origin of your page.',
      origin: undefined,
    }
  }
  const isAllowed = origins === undefined ? isSameHost(origin, host) : origins.has(origin)
  return isAllowed ? undefined : { status: 403, message: `Pages from this origin may not connect here.`, origin }
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}
