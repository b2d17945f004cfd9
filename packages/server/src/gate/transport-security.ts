import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import { peerAddress } from './client-address.ts'
import { isIn, isLoopback } from './ip-address.ts'

/** Proxies write either for a WebSocket over TLS. */
const SECURE = new Set(['https', 'wss'])

/**
 * Whether the upgrade came over TLS all the way: to us, or to a proxy of ours that says so. Where several proxies say,
 * all must; so nothing that a client writes into the header can help it.
 */
export function isSecure(request: IncomingMessage, proxies: BlockList | undefined): boolean {
  if ('encrypted' in request.socket && request.socket.encrypted === true) return true
  if (proxies === undefined || !isIn(proxies, peerAddress(request))) return false
  const said = String(request.headers['x-forwarded-proto'] ?? '').split(',')
  return said.every((name) => SECURE.has(name.trim().toLowerCase()))
}

/** Whether it comes from this machine itself, for nobody else: the way to try things out. */
export function isFromHere(request: IncomingMessage): boolean {
  const { headers } = request
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['x-forwarded-proto'] !== undefined
  return !isForwarded && isLoopback(peerAddress(request))
}
