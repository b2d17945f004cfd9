import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clientProxy } from './client-proxy.ts'
import { RESERVED_NAMES } from './router.ts'

type Method = (input?: unknown, options?: unknown) => unknown
interface Api extends Method {
  readonly todos: Api
  readonly add: Api
}

function setUp() {
  const sent: unknown[][] = []
  const send = (...call: unknown[]) => {
    sent.push(call)
    return 'sent'
  }
  // Every path is a method and has every path.
  return { sent, api: clientProxy(send) as Api }
}

describe('a client', () => {
  it('sends a call by its path, with input and options', () => {
    const { sent, api } = setUp()
    expect(api.todos.add({ title: 'x' }, { timeoutMs: 5 })).toBe('sent')
    expect(api.todos()).toBe('sent')
    expect(sent).toEqual([
      ['todos.add', { title: 'x' }, { timeoutMs: 5 }],
      ['todos', undefined, undefined],
    ])
  })

  it('gives the same method each time, so that it can be compared and kept', () => {
    const { api } = setUp()
    expect(api.todos.add).toBe(api.todos.add)
    expect(api.todos).not.toBe(api.add)
  })

  it('lets its methods be taken off, and called as any function may be', () => {
    const { sent, api } = setUp()
    const { add } = api.todos
    add(1)
    add.call(undefined, 2)
    add.apply(undefined, [3])
    add.bind(undefined, 4)()
    expect(sent.map(([path, input]) => [path, input])).toEqual([1, 2, 3, 4].map((n) => ['todos.add', n]))
  })

  it('is no procedure itself', () => {
    const { sent, api } = setUp()
    expect(() => api()).toThrow('A client itself is no procedure: call one of its methods')
    expect(sent).toEqual([])
  })

  it('can be neither changed nor given other methods', () => {
    const { api } = setUp()
    expect(() => Object.assign(api, { todos: 1 })).toThrow(TypeError)
    expect(() => Object.defineProperty(api, 'todos', { value: 1 })).toThrow(TypeError)
    expect(() => Reflect.deleteProperty(api, 'todos')).not.toThrow()
    expect(typeof api.todos).toBe('function')
  })
})

/** What programs do to values without meaning to call them. */
const LOOKS: readonly (readonly [name: string, look: (api: Api) => unknown])[] = [
  ['await', async (api) => await api],
  ['Promise.resolve', (api) => Promise.resolve(api)],
  ['Promise.all', (api) => Promise.all([api, api])],
  ['an async function that returns it', (api) => (async () => api)()],
  ['JSON.stringify', (api) => JSON.stringify(api)],
  ['JSON.stringify of what holds it', (api) => JSON.stringify({ api, list: [api] })],
  ['String', (api) => String(api)],
  ['a template literal', (api) => `${api}`],
  ['Number', (api) => Number(api)],
  ['comparison', (api) => [(api as unknown) === 1, (api as unknown as number) > 1]],
  ['sorting', (api) => [api, api.todos].sort()],
  ['typeof', (api) => typeof api],
  ['in', (api) => 'todos' in api],
  ['spreading into an object', (api) => ({ ...api })],
  ['Object.keys', (api) => Object.keys(api)],
  ['Object.entries', (api) => Object.entries(api)],
  [
    'for in',
    (api) => {
      for (const key in api) throw new Error(key)
    },
  ],
  ['util.inspect', (api) => inspect(api, { depth: 5, showProxy: true })],
  ['util.inspect as console.log does', (api) => inspect(api)],
  ['util.format', (api) => format('%s %o %j', api, api, api)],
  ['Object.prototype.toString', (api) => Object.prototype.toString.call(api)],
  ['instanceof', (api) => [api instanceof Promise, api instanceof Function]],
  ['Array.isArray', (api) => Array.isArray(api)],
  ['Object.is', (api) => Object.is(api, api.todos)],
  ['a key of a WeakMap', (api) => new WeakMap().set(api, 1)],
  [
    'what React and test tools read',
    (api) => {
      const read = api as unknown as Readonly<Record<PropertyKey, unknown>>
      const names = ['$$typeof', '_owner', '_store', 'props', 'ref', 'key', 'nodeType', '@@iterator', 'asymmetricMatch']
      for (const name of [...names, 'length', 'name', 'prototype', 'caller', 'arguments', 'displayName']) read[name]
    },
  ],
  [
    'every well-known symbol',
    (api) => {
      const read = api as unknown as Readonly<Record<PropertyKey, unknown>>
      for (const name of Object.getOwnPropertyNames(Symbol)) {
        const symbol = (Symbol as unknown as Record<string, unknown>)[name]
        if (typeof symbol === 'symbol') read[symbol]
      }
    },
  ],
]

describe('X18: a client sends nothing for', () => {
  it.each(LOOKS)('%s', async (_, look) => {
    const { sent, api } = setUp()
    await look(api)
    await look(api.todos)
    await look(api.todos.add)
    expect(sent).toEqual([])
  })

  it.each(RESERVED_NAMES)('reading the reserved name %s', (name) => {
    const { sent, api } = setUp()
    const own = Reflect.get(api.todos, name)
    // A path of the server would be shown as `[hotline todos.${name}]`.
    expect(String(own)).not.toContain(`todos.${name}`)
    expect(sent).toEqual([])
  })

  it('structuredClone, which refuses it as it refuses functions', () => {
    const { sent, api } = setUp()
    expect(() => structuredClone(api)).toThrow()
    expect(() => structuredClone({ api })).toThrow()
    expect(sent).toEqual([])
  })

  it('iterating it, which it refuses as no iterable', () => {
    const { sent, api } = setUp()
    expect(() => [...(api as unknown as Iterable<unknown>)]).toThrow(TypeError)
    expect(sent).toEqual([])
  })
})

describe('a client is shown', () => {
  it('as text by its path', () => {
    const { api } = setUp()
    expect([String(api), `${api.todos.add}`]).toEqual(['[hotline client]', '[hotline todos.add]'])
  })

  it('as nothing in JSON, as functions are', () => {
    const { api } = setUp()
    expect([JSON.stringify(api), JSON.stringify({ api })]).toEqual([undefined, '{}'])
  })

  it('as itself to await: it is never thenable', async () => {
    const { api } = setUp()
    expect(await api).toBe(api)
    expect(await api.todos).toBe(api.todos)
  })
})
