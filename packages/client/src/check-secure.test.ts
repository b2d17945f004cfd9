import { describe, expect, it } from 'vitest'
import { checkSecure } from './check-secure.ts'
import { resolveUrl } from './resolve-url.ts'

const check = (url: string, page?: string) => checkSecure(resolveUrl(url, page), page)

describe('X3: a URL', () => {
  it.each([
    ...[
      'wss://app.example/rpc',
      'https://app.example',
      'ws://localhost:3000/rpc',
      'http://localhost',
      'ws://LOCALHOST.',
    ],
    ...['ws://127.0.0.1:1', 'ws://127.255.0.7', 'ws://127.1', 'ws://0x7f.1', 'ws://2130706433', 'ws://[::1]:3000'],
    ...['ws://app.localhost:3000/rpc', 'ws://[0:0:0:0:0:0:0:1]'],
  ])('is taken where it is encrypted or leads to this machine: %s', (url) => {
    expect(() => check(url)).not.toThrow()
  })

  it.each([
    ...['ws://app.example/rpc', 'http://app.example', 'ws://10.0.0.1', 'ws://192.168.1.7:3000', 'ws://128.0.0.1'],
    ...['ws://localhost.example', 'ws://notlocalhost', 'ws://127.0.0.1.example', 'ws://[::2]', 'ws://[::ffff:1.2.3.4]'],
    ...['ws://localhost@app.example', 'ws://0.0.0.0', 'ws://intranet'],
  ])('is refused where others can read along: %s', (url) => {
    expect(() => check(url)).toThrow(TypeError)
  })

  it('is refused with the remedy, and without what else stands in it', () => {
    expect(() => check('ws://ann:secret@app.example:81/rpc?token=secret')).toThrow(
      new TypeError(
        '"url" leads to ws://app.example:81 unencrypted: use wss://, or say { allowInsecure: true } where the way there is safe.',
      ),
    )
  })

  it.each([
    ['/rpc', 'http://intranet/page', true],
    ['ws://other.intranet/rpc', 'http://intranet/page', true],
    ['/rpc', 'http://localhost:5173/', true],
    ['ws://app.example/rpc', 'http://localhost:5173/', false],
    ['ws://app.example/rpc', 'https://app.example/', false],
    ['ws://app.example/rpc', 'file:///home/page.html', false],
    ['ws://app.example/rpc', 'about:blank', false],
  ])('%s on the page %s is taken: %s', (url, page, isTaken) => {
    if (isTaken) expect(() => check(url, page)).not.toThrow()
    else expect(() => check(url, page)).toThrow('unencrypted')
  })
})
