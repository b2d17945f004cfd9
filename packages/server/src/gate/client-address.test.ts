import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'
import { addressRanges } from './ip-address.ts'
import { isFromHere, isSecure } from './transport-security.ts'

/** As much of an upgrade as is read here; without an address it comes through a Unix socket. */
function upgrade(remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}, encrypted = false) {
  return { socket: { remoteAddress, ...(encrypted && { encrypted }) }, headers } as unknown as IncomingMessage
}

const from = (remoteAddress: string | undefined, forwarded: string) =>
  upgrade(remoteAddress, { 'x-forwarded-for': forwarded })

const PROXIES = addressRanges(['10.0.0.0/8', '127.0.0.1'])

describe('the address of a client', () => {
  it('is that of the socket, whatever headers say, where no proxy is trusted', () => {
    expect(clientAddress(from('10.0.0.1', '203.0.113.7'), undefined)).toBe('10.0.0.1')
    expect(clientAddress(from('198.51.100.1', '203.0.113.7'), undefined)).toBe('198.51.100.1')
  })

  it('is that of the socket where it is no proxy of ours: whoever reaches us past the proxy may write what they like', () => {
    expect(clientAddress(from('198.51.100.1', '203.0.113.7'), PROXIES)).toBe('198.51.100.1')
  })

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['9.9.9.9, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['9.9.9.9, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
    ['9.9.9.9, 203.0.113.7,10.0.0.2, 10.0.0.3', '203.0.113.7'],
    ['[2001:db8::1]:4711, 10.0.0.2', '2001:db8::1'],
    ['10.0.0.9', '10.0.0.9'],
    ['9.9.9.9, unknown, 10.0.0.2', '10.0.0.2'],
    ['9.9.9.9,', '10.0.0.1'],
    ['', '10.0.0.1'],
  ])('behind a proxy that says %j is %s: what stands to the left is of no use to a liar', (forwarded, address) => {
    expect(clientAddress(from('10.0.0.1', forwarded), PROXIES)).toBe(address)
  })

  it('is found behind a proxy on the same machine, by IPv4 within IPv6 or a Unix socket', () => {
    expect(clientAddress(from('::ffff:127.0.0.1', '203.0.113.7'), PROXIES)).toBe('203.0.113.7')
    expect(clientAddress(from(undefined, '203.0.113.7'), PROXIES)).toBe('203.0.113.7')
  })
})

describe('an upgrade', () => {
  const said = (proto: string, peer = '10.0.0.1') => upgrade(peer, { 'x-forwarded-proto': proto })

  it('X3: came over TLS where its socket did', () => {
    expect(isSecure(upgrade('203.0.113.7', {}, true), undefined)).toBe(true)
    expect(isSecure(upgrade('203.0.113.7'), undefined)).toBe(false)
  })

  it.each([
    ['https', true],
    ['wss', true],
    ['HTTPS', true],
    ['https, https', true],
    ['http', false],
    ['ws', false],
    ['https, http', false],
    ['http, https', false],
    ['', false],
    ['https,', false],
  ])('X3: came over TLS where our proxy says %j: %s', (proto, isOverTls) => {
    expect(isSecure(said(proto), PROXIES)).toBe(isOverTls)
  })

  it('X3: did not come over TLS because a stranger says so', () => {
    expect(isSecure(said('https', '203.0.113.7'), PROXIES)).toBe(false)
    expect(isSecure(said('https'), undefined)).toBe(false)
  })

  it('X3: is from here where its socket is and nobody forwards it', () => {
    expect(isFromHere(upgrade('::1'))).toBe(true)
    expect(isFromHere(upgrade('10.0.0.1'))).toBe(false)
    expect(isFromHere(upgrade('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }))).toBe(false)
    expect(isFromHere(upgrade('127.0.0.1', { 'x-forwarded-proto': 'http' }))).toBe(false)
  })
})
