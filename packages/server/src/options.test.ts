import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolveOptions } from './options.ts'
import { SERVER_LIMITS } from './server-limits.ts'

afterEach(() => vi.unstubAllEnvs())

describe("a server's options", () => {
  it('X19: hide what is thrown unless they say otherwise, and may not say so in production', () => {
    expect([resolveOptions({}).exposesErrors, resolveOptions({ exposeErrors: true }).exposesErrors]).toEqual([
      false,
      true,
    ])
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => resolveOptions({ exposeErrors: true })).toThrow(
      new TypeError(
        '"exposeErrors" is true and NODE_ENV is "production": leave it out there, the log has the same id and the stack.',
      ),
    )
    expect(resolveOptions({ exposeErrors: false }).exposesErrors).toBe(false)
  })

  it('have a default each', () => {
    const settings = resolveOptions({})
    expect(settings.limits).toEqual(SERVER_LIMITS)
    expect(settings.timeouts).toEqual({ helloMs: 5_000, authenticateMs: 10_000 })
    expect([settings.authenticate, settings.origins, settings.contract]).toEqual([undefined, undefined, undefined])
    expect(settings.node).toMatch(/^[\w-]{8}$/)
    expect(resolveOptions({}).node).not.toBe(settings.node)
  })

  it('refuse names that clients could not say again', () => {
    expect(() => resolveOptions({ node: 'n'.repeat(257) })).toThrow('"node" has 257 characters: give at most 256')
    expect(() => resolveOptions({ contract: 'c'.repeat(257) })).toThrow('"contract" has 257 characters')
  })

  it('take the limits that were given, and the defaults of the others', () => {
    const { limits, timeouts } = resolveOptions({ limits: { maxCalls: 3, helloTimeoutMs: 100 } })
    expect(limits).toEqual({ ...SERVER_LIMITS, maxCalls: 3, helloTimeoutMs: 100 })
    expect(timeouts.helloMs).toBe(100)
  })

  it('take a limit that is left undefined as not given', () => {
    // What plain JavaScript, or another compiler's settings, let through.
    const limits = { graceMs: undefined } as never
    expect(resolveOptions({ limits }).limits).toEqual(SERVER_LIMITS)
  })

  it('keep endless durations sayable on the wire, and endless counts endless', () => {
    const { limits } = resolveOptions({
      limits: { graceMs: Number.POSITIVE_INFINITY, maxCalls: Number.POSITIVE_INFINITY },
    })
    expect([limits.graceMs, limits.maxCalls]).toEqual([2_147_483_647, Number.POSITIVE_INFINITY])
  })

  it.each([
    ['graceMs', -1],
    ['maxCalls', Number.NaN],
    ['callTimeoutMs', '30s'],
  ])('refuse a limit that is no number from 0: %s of %s', (name, value) => {
    const shown = typeof value === 'string' ? `"${value}"` : value
    expect(() => resolveOptions({ limits: { [name]: value } })).toThrow(`"limits.${name}" is ${shown}: give a number`)
  })

  it('take null for whatever has a default', () => {
    // As plain JavaScript, and settings that are read from JSON, may say it.
    const options = { codec: null, idempotencyStore: null, limits: null, requireTls: null, exposeErrors: null }
    expect(resolveOptions(options as never)).toMatchObject({ requireTls: false, exposesErrors: false })
  })

  it('refuse what is in a list of origins and no text', () => {
    const origins = [undefined] as never
    expect(() => resolveOptions({ origins })).toThrow('"origins" has undefined, which no browser sends: write it like')
  })

  it('refuse a limit that there is none by the name of', () => {
    const limits = { maxCall: 5 } as never
    expect(() => resolveOptions({ limits })).toThrow(
      new TypeError('"limits" has "maxCall", which is no limit: docs/LIMITS.md lists them.'),
    )
  })

  it.each([
    [
      'origins',
      'https://app.example',
      '"origins" is "https://app.example": give a list, as in ["https://app.example"], or [] for none.',
    ],
    ['origins', null, '"origins" is null: give a list, as in ["https://app.example"], or [] for none.'],
    ['trustProxy', true, '"trustProxy" is true: give a list, as in ["10.0.0.0/8"], or [] for none.'],
    [
      'trustProxy',
      ['loopback'],
      '"trustProxy" has "loopback", which is no range of addresses: write it like 10.0.0.5, 10.0.0.0/8 or fd00::/8.',
    ],
    [
      'trustProxy',
      [1],
      '"trustProxy" has 1, which is no range of addresses: write it like 10.0.0.5, 10.0.0.0/8 or fd00::/8.',
    ],
    ['logger', { error() {} }, '"logger" has no "debug": give an object with debug, info, warn and error.'],
    ['logger', 'pino', '"logger" has no "debug": give an object with debug, info, warn and error.'],
    ['logger', null, '"logger" has no "debug": give an object with debug, info, warn and error.'],
    ['codec', {}, '"codec" has no "encode": give what createCodec() makes.'],
    [
      'idempotencyStore',
      new Map(),
      '"idempotencyStore" has no "begin": give what memoryIdempotencyStore() makes, or the like.',
    ],
    ['limits', 5, '"limits" is 5: give an object, as in { graceMs: 60_000 }.'],
    ['limits', 'none', '"limits" is "none": give an object, as in { graceMs: 60_000 }.'],
    ['limits', { maxCalls: '5' }, '"limits.maxCalls" is "5": give a number from 0.'],
    ['node', 5, '"node" is of type number: give text.'],
    ['contract', 5, '"contract" is of type number: give text.'],
    ['exposeErrors', 'false', '"exposeErrors" is "false": give true or false.'],
    ['requireTls', 1, '"requireTls" is 1: give true or false.'],
    ['authenticate', {}, '"authenticate" is of type object: give a function.'],
    ['onError', 'log', '"onError" is of type string: give a function.'],
  ])('refuse as %s what is none: %j', (name, value, message) => {
    expect(() => resolveOptions({ [name]: value })).toThrow(new TypeError(message))
  })

  it.each(['https://app.example', 'http://localhost:5173', 'https://app.example:8443'])(
    'take the origin %s',
    (origin) => {
      expect(resolveOptions({ origins: [origin] }).origins).toEqual(new Set([origin]))
    },
  )

  it.each([
    ['https://app.example/', ': write https://app.example.'],
    ['https://app.example/path', ': write https://app.example.'],
    ['https://APP.example', ': write https://app.example.'],
    ['https://app.example:443', ': write https://app.example.'],
    ['app.example', ': write it like https://app.example.'],
    ['*', ': write it like https://app.example.'],
    ['null', ': write it like https://app.example.'],
    ['localhost:3000', ': write it like https://app.example.'],
  ])('X1: refuse the origin %s, which no browser sends', (origin, hint) => {
    expect(() => resolveOptions({ origins: [origin] })).toThrow(
      `"origins" has "${origin}", which no browser sends${hint}`,
    )
  })
})
