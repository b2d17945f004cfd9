import { BlockList, isIP, isIPv6 } from 'node:net'
import { shown } from '../check-options.ts'
import { remembering } from './remembering.ts'

/** Peers that may be proxies, or the machine itself: loopback, private, link-local and carrier-grade (RFC 6890). */
const PRIVATE_RANGES = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
]

const LOOPBACK = addressRanges(['127.0.0.0/8', '::1/128'])
const PRIVATE = addressRanges(PRIVATE_RANGES)

/**
 * The ranges as one list to look addresses up in. Each is an address, or one with the length of its prefix.
 * @throws TypeError for what is neither, and for a prefix of 0: it would hold everybody.
 */
export function addressRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix, ...rest] = String(range).split('/')
    const family = familyOf(address)
    const bits = family === 'ipv4' ? 32 : 128
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : 0
    if (isIP(address) === 0 || rest.length > 0 || length < 1 || length > bits) {
      throw new TypeError(
        `"trustProxy" has ${shown(range)}, which is no range of addresses: write it like 10.0.0.5, 10.0.0.0/8 or fd00::/8.`,
      )
    }
    list.addSubnet(address, length, family)
  }
  return list
}

/** Whether an address is in the list; one that isn't an address is in none. */
export function isIn(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, familyOf(address))
}

export function isLoopback(address: string): boolean {
  return isIn(LOOPBACK, address)
}

export const isPrivate = remembering((address) => isIn(PRIVATE, address))

/**
 * An address as it is said elsewhere: IPv4 wrapped in IPv6 is IPv4 again, and a port or brackets are gone, which some
 * proxies add. `undefined` for anything else.
 */
export const readAddress = remembering((text): string | undefined => {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
  const version = isIP(bare)
  if (version !== 6) return version === 0 ? undefined : bare
  // As sockets say it that listen for both, so that most need not be taken apart.
  const mapped = /^::ffff:(\d+\.[\d.]+)$/i.exec(bare)?.[1]
  if (mapped !== undefined) return mapped
  const groups = groupsOf(bare)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (!isMapped) return bare
  const [high = 0, low = 0] = groups.slice(6)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
})

/** What limits count as one stranger: an address of IPv4, a network of 64 bits of IPv6, since whoever has one address there has them all. */
export function strangerAt(address: string): string {
  if (!isIPv6(address)) return address
  const groups = groupsOf(address).slice(0, 4)
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

/** The eight groups of an IPv6 address that is one (RFC 4291, section 2.2). */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const before = numbersIn(head)
  const after = numbersIn(tail ?? '')
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<number>(missing).fill(0), ...after]
}

function numbersIn(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
