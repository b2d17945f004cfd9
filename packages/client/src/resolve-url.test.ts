import { describe, expect, it } from 'vitest'
import { resolveUrl, urlOfNode } from './resolve-url.ts'

describe('a url', () => {
  it.each([
    ['wss://app.example/rpc', undefined, 'wss://app.example/rpc'],
    ['ws://localhost:3000/rpc', undefined, 'ws://localhost:3000/rpc'],
    ['https://app.example/rpc?a=1', undefined, 'wss://app.example/rpc?a=1'],
    ['http://localhost:3000', undefined, 'ws://localhost:3000/'],
    ['/rpc', 'https://app.example/deep/page?q#there', 'wss://app.example/rpc'],
    ['rpc', 'http://app.example/deep/page', 'ws://app.example/deep/rpc'],
    ['//other.example/rpc', 'https://app.example/', 'wss://other.example/rpc'],
    ['wss://other.example/rpc', 'https://app.example/', 'wss://other.example/rpc'],
    ['wss://app.example/rpc#part', undefined, 'wss://app.example/rpc'],
    ['https://app.example:443/rpc', undefined, 'wss://app.example/rpc'],
  ])('%s on %s means %s', (url, page, resolved) => {
    expect(resolveUrl(url, page)).toBe(resolved)
  })

  it.each([
    ['/rpc', undefined, '"url" is "/rpc": give a whole one outside of a browser, as in "wss://app.example/rpc".'],
    ['', undefined, '"url" is "": give a whole one'],
    ['ftp://app.example', undefined, '"url" is "ftp://app.example": begin it with wss://, or with ws:// for tests.'],
    ['/rpc', 'file:///home/page.html', '"url" is "/rpc": begin it'],
    ['localhost:3000/rpc', undefined, '"url" is "localhost:3000/rpc": begin it'],
  ])('%s on %s is refused with its reason', (url, page, message) => {
    expect(() => resolveUrl(url, page)).toThrow(message)
  })
})

describe('the url of a reconnect', () => {
  it('names the process that has the session, beside what else it says', () => {
    expect(urlOfNode('wss://app.example/rpc?a=1', 'n/1')).toBe('wss://app.example/rpc?a=1&node=n%2F1')
    expect(urlOfNode('wss://app.example/rpc?node=old', 'new')).toBe('wss://app.example/rpc?node=new')
    expect(urlOfNode('wss://app.example/rpc', undefined)).toBe('wss://app.example/rpc')
  })
})
