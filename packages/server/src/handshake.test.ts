import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { checkHandshake, type HandshakeRules, isForPath } from './handshake.ts'

/** As much of an upgrade request as the handshake reads. */
function upgrade(headers: IncomingHttpHeaders): IncomingMessage {
  const sent = { host: 'app.example', 'sec-websocket-protocol': 'hotline.v1', ...headers }
  const rawHeaders = headers.origin === undefined ? [] : ['Origin', headers.origin]
  return { method: 'GET', headers: sent, rawHeaders } as IncomingMessage
}

/** Without TLS as far as we know, as behind a proxy that we don't. */
const OWN_HOST: HandshakeRules = { origins: undefined, isOverTls: false }

const LIST: HandshakeRules = {
  origins: new Set(['https://app.example', 'https://admin.example:8443']),
  isOverTls: false,
}

describe('an upgrade from a page', () => {
  it.each([
    ['https://app.example', true],
    ['https://admin.example:8443', true],
    ['http://app.example', false],
    ['wss://app.example', false],
    ['https://app.example:443', false],
    ['https://app.example:8443', false],
    ['https://admin.example', false],
    ['https://admin.example:8444', false],
    ['https://app.example/', false],
    ['https://app.example/page', false],
    ['https://app.example.', false],
    ['https://app.example.evil.example', false],
    ['https://app.example@evil.example', false],
    ['https://evil.example#https://app.example', false],
    ['https://evil.example?https://app.example', false],
    ['https://evilapp.example', false],
    ['https://sub.app.example', false],
    ['https://app.exampl', false],
    ['https://app-example', false],
    ['https://APP.example', false],
    ['HTTPS://app.example', false],
    [' https://app.example', false],
    ['https://app.example ', false],
    ['https://app.example\t', false],
    ['https://аpp.example', false],
    ['https://xn--pp-7kc.example', false],
    ['https://app.example, https://evil.example', false],
    ['https://evil.example, https://app.example', false],
    ['https://app.example,https://app.example', false],
    ['null', false],
    ['undefined', false],
    ['*', false],
    ['', false],
    ['file://', false],
    ['app.example', false],
    ['//app.example', false],
    ['chrome-extension://abcdef', false],
    ['https://localhost', false],
    ['https://127.0.0.1', false],
    ['https://[::1]', false],
    ['constructor', false],
  ])('X1: at %j with a list of origins is let in: %s', (origin, isIn) => {
    const refusal = checkHandshake(upgrade({ origin }), LIST)
    expect(refusal).toEqual(
      isIn ? undefined : { name: 'origin', message: 'Pages from this origin may not connect here.', origin },
    )
  })

  it.each([
    ['https://app.example', 'app.example', true],
    ['http://app.example', 'app.example', true],
    ['https://app.example:8443', 'app.example:8443', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['https://app.example', 'APP.example', true],
    ['https://app.example', 'app.example:8443', false],
    ['http://localhost:3001', 'localhost:3000', false],
    ['https://sub.app.example', 'app.example', false],
    ['https://app.example.evil.example', 'app.example', false],
    ['https://evil.example', 'app.example', false],
    ['https://app.example, https://evil.example', 'app.example', false],
    ['null', 'null', false],
    ['null', 'app.example', false],
    ['', '', false],
    ['https://app.example', undefined, false],
  ])('X1: at %j without a list, on the host %j, is let in: %s', (origin, host, isIn) => {
    const refusal = checkHandshake(upgrade({ origin, host }), OWN_HOST)
    expect(refusal?.name).toBe(isIn ? undefined : 'origin')
  })

  it('X1: with two origins is refused, even where both are listed', () => {
    const request = Object.assign(upgrade({ origin: 'https://app.example' }), {
      rawHeaders: ['Origin', 'https://app.example', 'origin', 'https://app.example'],
    })
    expect(checkHandshake(request, LIST)).toMatchObject({ name: 'origin', message: 'A request may have one Origin.' })
  })

  it('X1: without TLS may not use the line of the same host with TLS: another could have written the page', () => {
    const overTls = { ...OWN_HOST, isOverTls: true }
    expect(checkHandshake(upgrade({ origin: 'https://app.example' }), overTls)).toBeUndefined()
    expect(checkHandshake(upgrade({ origin: 'http://app.example' }), overTls)).toMatchObject({ name: 'origin' })
  })
})

describe('an upgrade from a program', () => {
  it('needs no origin', () => {
    expect(checkHandshake(upgrade({}), LIST)).toBeUndefined()
    expect(checkHandshake(upgrade({}), OWN_HOST)).toBeUndefined()
  })

  it('X1: needs one where it brings cookies: those are what other pages would abuse', () => {
    const refusal = checkHandshake(upgrade({ cookie: 'session=1' }), OWN_HOST)
    expect(refusal).toMatchObject({ name: 'origin', origin: undefined })
    expect(checkHandshake(upgrade({ cookie: 'session=1', origin: 'https://app.example' }), LIST)).toBeUndefined()
  })
})

describe('the method of an upgrade', () => {
  it.each(['POST', 'PUT', 'OPTIONS', 'get'])('may not be %s', (method) => {
    expect(checkHandshake(Object.assign(upgrade({}), { method }), OWN_HOST)).toMatchObject({ name: 'method' })
  })
})

describe('the subprotocol', () => {
  it.each([
    ['hotline.v1', true],
    ['other, hotline.v1', true],
    ['hotline.v1,other', true],
    [undefined, false],
    ['', false],
    ['hotline', false],
    ['hotline.v2', false],
    ['hotline.v11', false],
    ['HOTLINE.V1', false],
  ])('%j is spoken: %s', (offered, isSpoken) => {
    const refusal = checkHandshake(upgrade({ 'sec-websocket-protocol': offered }), OWN_HOST)
    expect(refusal?.name).toBe(isSpoken ? undefined : 'subprotocol')
    if (!isSpoken) expect(refusal?.message).toContain('This endpoint speaks the WebSocket subprotocol "hotline.v1"')
  })

  it('is named before the origin, since whoever offers another is no client of ours', () => {
    const refusal = checkHandshake(upgrade({ 'sec-websocket-protocol': 'x', origin: 'https://evil.example' }), LIST)
    expect(refusal).toMatchObject({ name: 'subprotocol', origin: undefined })
  })
})

describe('the path of an upgrade', () => {
  it.each([
    ['/rpc', true],
    ['/rpc?node=7', true],
    ['/rpc?', true],
    ['/rpc/', false],
    ['/rpcs', false],
    ['/', false],
    ['/x?/rpc', false],
    ['//rpc', false],
    ['/%72pc', false],
    [undefined, false],
  ])('%j is /rpc: %s', (url, is) => {
    expect(isForPath({ url } as IncomingMessage, '/rpc')).toBe(is)
  })
})
