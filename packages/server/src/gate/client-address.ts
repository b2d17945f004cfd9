import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import { isIn, readAddress } from './ip-address.ts'

/**
 * Who opened the connection. Only a proxy of ours is asked whom it speaks for, and only its own word counts: each adds
 * the address that it saw to the right of X-Forwarded-For, so the list is read from the right until one isn't a proxy of
 * ours. What a client wrote there itself stands to the left of that.
 */
export function clientAddress(request: IncomingMessage, proxies: BlockList | undefined): string {
  const peer = peerAddress(request)
  if (proxies === undefined) return peer
  const forwarded = forwardedFor(request)
  let address = peer
  while (isIn(proxies, address)) {
    const next = readAddress(forwarded.pop() ?? '')
    if (next === undefined) return address
    address = next
  }
  return address
}

/** The other end of the TCP connection. A Unix socket has no address: it is as near as loopback. */
export function peerAddress({ socket }: Pick<IncomingMessage, 'socket'>): string {
  // A request that was made up in memory has no socket at all.
  const { remoteAddress = '127.0.0.1' } = (socket as IncomingMessage['socket'] | undefined) ?? {}
  return readAddress(remoteAddress) ?? remoteAddress
}

function forwardedFor({ headers }: IncomingMessage): string[] {
  // Node joins repeated headers with commas; in its types they may also be an array.
  return String(headers['x-forwarded-for'] ?? '').split(',')
}
