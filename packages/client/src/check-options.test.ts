import { createCodec } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { checkOptions } from './check-options.ts'

const url = 'wss://app.example/rpc'

describe("a client's options of the wrong kind", () => {
  it.each([
    [undefined, '"url" is of type undefined: give text'],
    [null, '"url" is of type undefined: give text'],
    [url, '"url" is of type undefined: give text'],
    [{}, '"url" is of type undefined: give text'],
    [{ url: () => url }, '"url" is of type function: give text'],
    [{ url: Promise.resolve(url) }, '"url" is of type object: give text'],
    [{ url: Symbol('url') }, '"url" is of type symbol: give text'],
    [{ url, auth: 'a-token' }, '"auth" is of type string: give a function.'],
    [{ url, auth: Promise.resolve('a-token') }, '"auth" is of type object: give a function.'],
    [{ url, WebSocket: {} }, '"WebSocket" is of type object: give a function.'],
    [{ url, onError: 'log' }, '"onError" is of type string: give a function.'],
    [{ url, onContractChanged: true }, '"onContractChanged" is of type boolean: give a function.'],
    [{ url, codec: {} }, '"codec" has no "decode": give what createCodec() makes.'],
    [{ url, codec: { encode: () => '' } }, '"codec" has no "decode": give what createCodec() makes.'],
    [{ url, handlers: { ring: {} } }, '"handlers" has no "answering": give what clientHandlers(router) makes.'],
  ])('are refused where the client is made: %j', (options, message) => {
    expect(() => checkOptions(options as { url: string })).toThrow(message)
  })

  it('are none where something is left out, or there on purpose', () => {
    expect(() => checkOptions({ url })).not.toThrow()
    expect(() => checkOptions({ url: new URL(url), auth: () => 1, codec: createCodec() })).not.toThrow()
    expect(() => checkOptions({ url, auth: null, WebSocket: null, handlers: null, codec: undefined })).not.toThrow()
  })
})
