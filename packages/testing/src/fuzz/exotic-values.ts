import { runInNewContext } from 'node:vm'

/** Values that applications hand over by mistake, or to see what happens. The name says which. */
export const EXOTIC_VALUES: Readonly<Record<string, () => unknown>> = {
  'a cycle': () => {
    const value: unknown[] = []
    value.push(value)
    return value
  },
  'a cycle through a map': () => {
    const map = new Map<unknown, unknown>()
    return map.set('self', { map })
  },
  'a getter that throws': () => Object.defineProperty({}, 'x', { enumerable: true, get: throwing }),
  'a getter that changes its mind': () => {
    let reads = 0
    return Object.defineProperty({}, 'x', { enumerable: true, get: () => [1, () => {}, 2n, undefined][reads++ % 4] })
  },
  'a proxy that throws': () => new Proxy({}, { ownKeys: throwing, get: throwing, getPrototypeOf: throwing }),
  'a proxy of an array that has no end': () =>
    new Proxy([], { get: (_, name) => (name === 'length' ? 2 ** 16 : undefined) }),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  },
  'a proxy of a date': () => new Proxy(new Date(0), {}),
  'a proxy of a map': () => new Proxy(new Map([[1, 2]]), {}),
  'no date with its prototype': () => Object.create(Date.prototype),
  'no map with its prototype': () => Object.create(Map.prototype),
  'no URL with its prototype': () => Object.create(URL.prototype),
  'no bytes with their prototype': () => Object.create(Uint8Array.prototype),
  'no error with its prototype': () => Object.create(Error.prototype),
  'an error whose name throws': () => Object.defineProperty(new Error('x'), 'name', { get: throwing }),
  'an error whose message is no text': () => Object.assign(new Error('x'), { message: { toString: throwing } }),
  'an array with a name': () => Object.assign([1], { name: 2 }),
  'an array of holes': () => Object.assign(new Array(3), { 1: 1 }),
  'a long array of holes': () => new Array(20_000),
  'bytes with another constructor': () => Object.assign(new Uint8Array(2), { constructor: { name: 'Uint64Array' } }),
  'a map with a method of its own': () => Object.assign(new Map([[1, 2]]), { values: throwing }),
  'a date that says otherwise': () => Object.assign(new Date(0), { toISOString: () => 'never' }),
  'a URL that says otherwise': () => Object.assign(new URL('a:b'), { toString: () => 'nowhere' }),
  'an array from elsewhere': () => runInNewContext('[1, [2]]'),
  'a date from elsewhere': () => runInNewContext('new Date(0)'),
  'a class of its own': () => new (class Point {})(),
  'a class of maps': () => new (class Table extends Map<number, number> {})([[1, 2]]),
  'a function': () => throwing,
  'a symbol': () => Symbol('x'),
  'a name that leads to prototypes': () => ({ constructor: { prototype: new Date(0) } }),
  'an own __proto__': () => JSON.parse('{"__proto__":{"isAdmin":true}}'),
  'an object that has toJSON': () => ({ toJSON: () => 'something else' }),
  'a date beside what inherits toJSON': () => [Object.assign(new Date(0), { toJSON: () => 1 }), Object.create(null)],
  'a boxed number': () => Object(1),
  'a large bigint': () => 10n ** 1_024n,
  'maps in maps': () => nested(63, (value) => new Map([[1, value]])),
  'maps as keys of maps': () => nested(63, (value) => new Map([[value, 1]])),
  'errors that cause each other': () => nested(63, (cause) => new Error('x', { cause })),
  'sets in sets': () => nested(63, (value) => new Set([value])),
  'many dates': () => Array.from({ length: 12_000 }, () => new Date(0)),
  'a detached array': () => {
    const bytes = new Uint8Array(4)
    structuredClone(bytes, { transfer: [bytes.buffer] })
    return bytes
  },
  'a generator': () =>
    (function* () {
      yield 1
    })(),
  'a module': () =>
    Object.freeze(
      Object.create(null, { [Symbol.toStringTag]: { value: 'Module' }, x: { value: 1, enumerable: true } }),
    ),
}

function throwing(): never {
  throw new Error('The value says no.')
}

function nested(depth: number, around: (value: unknown) => unknown): unknown {
  let value: unknown = new Date(0)
  for (; depth > 0; depth--) value = around(value)
  return value
}
