import { connectionOf, createClient } from '@hotline/client'
import { ProcedureTable, parseJson, superjsonCodec } from '@hotline/core/internal'
import { createCodec, hotline, type Infer, type Router, serve } from '@hotline/server'
import SuperJSON, { type SuperJSONResult } from 'superjson'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { connect, greet, HELLO } from '../end-to-end/raw-client.ts'
import { RecordingLogger } from '../end-to-end/recording-logger.ts'

/** What the guarded codec makes of a value, and what superjson makes of it by itself. */
const guarded = (json: unknown, meta: unknown) => superjsonCodec.decode(json, meta)
const bare = (json: unknown, meta: unknown) => SuperJSON.deserialize({ json, meta } as SuperJSONResult)
const values = (tree: unknown) => ({ values: tree, v: 1 })

/** `a` holds `b` twice, `b` holds `c` twice, and so on. */
function unfolding(levels: number) {
  const json: Record<string, unknown[]> = {}
  const referentialEqualities: Record<string, string[]> = {}
  for (let level = 0; level < levels; level++) {
    json[`l${level}`] = [null, null]
    if (level > 0) referentialEqualities[`l${level}`] = [`l${level - 1}.0`, `l${level - 1}.1`]
  }
  return { json, meta: { referentialEqualities } }
}

/** How many values a walk through it meets; a walk is what a schema does. */
function walked(value: unknown, most: number): number {
  let count = 0
  const rest = [value]
  while (rest.length > 0 && count < most) {
    count++
    const next = rest.pop()
    if (typeof next === 'object' && next !== null) rest.push(...Object.values(next))
  }
  return count
}

describe('shared references', () => {
  it('X11: unfold a kilobyte to a million values in superjson alone, and are refused here', () => {
    const { json, meta } = unfolding(22)
    expect(JSON.stringify({ json, meta }).length).toBeLessThan(1_200)
    expect(walked(bare(structuredClone(json), meta), 1_000_000)).toBe(1_000_000)
    expect(() => guarded(json, meta)).toThrow('The annotations share references: write each out.')
  })

  it('X12: make a value contain itself in superjson alone, and are a bad input here that no handler sees', async () => {
    const meta = { referentialEqualities: { a: ['a.b'] } }
    const cyclic = bare({ a: { b: null } }, meta) as { a: { b: unknown } }
    expect(cyclic.a.b).toBe(cyclic.a)
    let ran = 0
    const api = hotline<object>().router({
      echo: hotline<object>()
        .input(z.any())
        .query(() => ran++),
    })
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'echo', { a: { b: null } }, { meta }]])
    expect((await client.hear())[2]).toMatchObject(['error', 1, { code: 'BAD_INPUT', mayHaveRun: false }])
    client.socket.terminate()
    expect(ran).toBe(0)
  })
})

describe('an annotation', () => {
  it('X13: makes a BigInt of any length in superjson alone, and of at most 1,024 digits here', () => {
    expect(bare('9'.repeat(5_000), values(['bigint']))).toBe(BigInt('9'.repeat(5_000)))
    expect(guarded('9'.repeat(1_024), values(['bigint']))).toBe(BigInt('9'.repeat(1_024)))
    expect(() => guarded('9'.repeat(1_025), values(['bigint']))).toThrow(TypeError)
  })

  it('X14: makes an expression, and an error with a forged stack, in superjson alone', () => {
    const forged = { name: 'E', message: 'm', stack: 'at evil (x.js:1:1)' }
    expect(bare('/(a+)+$/', values(['regexp']))).toBeInstanceOf(RegExp)
    expect((bare(forged, values(['Error'])) as Error).stack).toBe(forged.stack)
    expect(() => guarded('/(a+)+$/', values(['regexp']))).toThrow('not taken from others')
    expect((guarded(forged, values(['Error'])) as Error).stack).toBe('E: m')
  })

  const codec = createCodec({
    types: {
      Word: {
        is: (value): value is Word => value instanceof Word,
        encode: ({ text }) => text,
        decode: (text) => new Word(z.string().parse(text)),
      },
    },
  })
  const decode = (json: unknown, annotation: unknown) => codec.decode(structuredClone(json), values([annotation]), [])

  it.each([
    ['undefined', null, undefined],
    ['bigint', '12', 12n],
    ['Date', '1970-01-01T00:00:00.000Z', new Date(0)],
    ['number', 'NaN', Number.NaN],
    ['number', '-Infinity', Number.NEGATIVE_INFINITY],
    ['number', '-0', -0],
    ['map', [[1, 2]], new Map([[1, 2]])],
    ['set', [1], new Set([1])],
    ['URL', 'https://a.example/', new URL('https://a.example/')],
    ['Error', { name: 'TypeError', message: 'm' }, { name: 'TypeError', message: 'm', stack: 'TypeError: m' }],
    [['typed-array', 'Uint8Array'], [1, 2], new Uint8Array([1, 2])],
    [['bytes', 'Uint8Array'], 'AQI=', new Uint8Array([1, 2])],
    [['custom', 'Word'], 'w', { text: 'w' }],
  ])('X14: is taken where it is %j', (annotation, json, value) => {
    const taken = decode(json, annotation)
    if (taken instanceof Error) expect(taken).toMatchObject(value as object)
    else expect(taken).toEqual(value)
  })

  it.each([
    ...[
      'regexp',
      'function',
      'symbol',
      'class',
      'custom',
      'typed-array',
      'bytes',
      'toString',
      '__proto__',
      'Map',
      'null',
      '',
    ],
    ...['number', 'bigint', 'Date', 'map', 'set', 'URL', 'Error', 'undefined'],
    ...[
      ['class', 'Word'],
      ['symbol', 'Symbol.iterator'],
      ['custom', 'constructor'],
      ['custom', '__proto__'],
      ['custom', null],
    ],
    ...[
      ['custom', 'Word'],
      ['typed-array', 'Function'],
      ['typed-array', 'constructor'],
      ['bytes', 'Function'],
      ['regexp', 'x'],
    ],
    ...[[], [['Date']], {}, 7, null, true],
  ])('X14: is refused where it is %j and the value is no such thing', (annotation) => {
    for (const json of [{ odd: true }, 'no such thing', 7, [7, [8]]]) {
      // One of these may fit one of those.
      if (annotation === 'set' && Array.isArray(json)) continue
      if (JSON.stringify(annotation) === '["custom","Word"]' && typeof json === 'string') continue
      expect(() => decode(json, annotation)).toThrow()
    }
  })

  it('X15: nested 20,000 deep ends in a RangeError in superjson alone, and is refused by name here', () => {
    let tree: unknown = ['Date']
    let json: unknown = '1970-01-01'
    for (let level = 0; level < 20_000; level++) [tree, json] = [{ a: tree }, { a: json }]
    expect(() => bare(json, values(tree))).toThrow(RangeError)
    expect(() => guarded(json, values(tree))).toThrow(TypeError)
  })
})

describe('a server that is sent values of that kind', () => {
  it.each([
    [
      'X15: a tree 20,000 deep',
      `["call",1,"echo",1,{"meta":{"values":${'{"a":'.repeat(20_000)}["Date"]${'}'.repeat(20_000)}}}]`,
    ],
    ['X10: 60,000 brackets', `["call",1,"echo",${'['.repeat(60_000)}${']'.repeat(60_000)}]`],
    ['X10: 40,000 members twice', `["call",1,"echo",{${'"a":1,'.repeat(15_000)}"a":2}]`],
    ['X10: one key of 100 kB', `["call",1,"echo",{"${'k'.repeat(100_000)}":1}]`],
    ['X10: halves of characters', `["call",1,"echo","${'\\ud800'.repeat(10_000)}"]`],
    ['X10: infinite numbers', `["call",1,"echo",[1e999,-1e999]]`],
    ['X16: a prototype', '["call",1,"echo",{"__proto__":{"isAdmin":true}}]'],
    ['X16: a prototype with letters escaped', '["call",1,"echo",{"\\u005f_proto__":{"isAdmin":true}}]'],
    ['X16: headers with a prototype', '["call",1,"echo",1,{"headers":{"__proto__":"x"}}]'],
  ])('%s answers or closes by name, and serves others', async (_, message) => {
    const api = hotline<object>().router({
      echo: hotline<object>()
        .input(z.any())
        .query(({ input }) => typeof input),
    })
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const [bystander, client] = [await greet(server.port), await greet(server.port)]
    client.socket.send(`[1,0,${message}]`)
    const end = await Promise.race([
      client.hear().then(
        ([, , answer]) => answer,
        () => client.closed,
      ),
      client.closed,
    ])
    const isNamed = Array.isArray(end)
      ? ['result', 'error'].includes(end[0])
      : [4400, 1009].includes((end as { code: number }).code)
    expect([isNamed, end]).toEqual([true, end])
    bystander.say([1, 0, ['call', 1, 'echo', 'x']])
    expect((await bystander.hear())[2]).toEqual(['result', 1, 'string'])
    for (const { socket } of [bystander, client]) socket.terminate()
  })
})

describe('JSON that is nested deeper than a value may be sent', () => {
  it.each([65, 10_000])(
    'X10: is a bad input, %i deep, and nothing for the log; a handler that runs out of stack fails by itself',
    async (levels) => {
      const h = hotline<object>()
      const overflow = (): never => overflow()
      const logger = new RecordingLogger()
      const api = h.router({
        echo: h.input(z.any()).query(({ input }) => input),
        json: h.input(z.json()).query(overflow),
        items: h.items(z.json()).mutation(async ({ items }) => {
          for await (const _ of items);
        }),
      })
      await using server = await serve(api, { port: 0, logger })
      const client = await greet(server.port)
      const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
      const answer = async (message: string) => {
        client.socket.send(message)
        for (;;) {
          const said = (await client.hear()).find((each) => Array.isArray(each) && /error|result/.test(each[0]))
          if (said !== undefined) return said
        }
      }
      const refused = { code: 'BAD_INPUT', message: expect.stringContaining('64 deep') }
      expect(await answer(`[1,0,["call",1,"echo",${nested(levels)}]]`)).toMatchObject(['error', 1, refused])
      expect(await answer(`[2,0,["call",3,"json",${nested(levels)}]]`)).toMatchObject(['error', 3, refused])
      client.say([3, 0, ['call', 5, 'items', null, { items: true }]])
      expect((await client.hear())[2]).toEqual(['credit', 5, 32_768])
      const item = `[4,0,["item",5,${2 * levels},${nested(levels)}]]`
      expect(await answer(item)).toMatchObject(['error', 5, { code: 'BAD_INPUT' }])
      expect([logger.at('error'), logger.at('warn')]).toEqual([[], []])
      expect(await answer(`[5,0,["call",7,"echo",${nested(64)}]]`)).toEqual(['result', 7, JSON.parse(nested(64))])
      expect(await answer(`[6,0,["call",9,"json",${nested(64)}]]`)).toMatchObject(['error', 9, { code: 'INTERNAL' }])
      expect(logger.at('error')).toMatchObject([{ fields: { path: 'json' } }])
      client.socket.terminate()
    },
  )
})

describe('keys that lead to prototypes', () => {
  it('X16: reach a copy of what JSON.parse gave by itself, and are refused here', () => {
    const text = '{"__proto__":{"isAdmin":true}}'
    expect(Object.assign({}, JSON.parse(text)).isAdmin).toBe(true)
    expect(() => parseJson(text, 'A message')).toThrow('has the key "__proto__"')
  })

  it('X16: change no prototype in 100,000 values, and no copy of those that pass', () => {
    const random = numbers(16)
    const before = [Object.prototype, Array.prototype, Map.prototype].map((prototype) =>
      Reflect.ownKeys(prototype).map(String).join(),
    )
    let passed = 0
    for (let count = 0; count < 100_000; count++) {
      const value = passing(hostile(random, 3), { values: hostileTree(random) })
      if (typeof value !== 'object' || value === null) continue
      passed++
      const copy = Object.assign({}, value) as { isAdmin?: unknown }
      if (!Object.hasOwn(value, 'isAdmin') && copy.isAdmin !== undefined) throw new Error(JSON.stringify(value))
      if (!Array.isArray(value) && 'polluted' in {}) throw new Error(JSON.stringify(value))
    }
    expect(passed).toBeGreaterThan(1_000)
    expect(
      [Object.prototype, Array.prototype, Map.prototype].map((prototype) =>
        Reflect.ownKeys(prototype).map(String).join(),
      ),
    ).toEqual(before)
    expect(Object.assign({}, {} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })
})

describe('a path that is no procedure', () => {
  const h = hotline<object>()
  const one = h.query(() => 1)
  const paths = [
    ...[
      '__proto__.x',
      '__proto__',
      'constructor',
      'constructor.prototype',
      'toString',
      'then',
      'hasOwnProperty',
      'valueOf',
    ],
    ...[
      'todos',
      'todos.',
      '.todos',
      'todos..add',
      'todos.add.call',
      'todos.add.__proto__',
      'todos.__proto__.add',
      '.',
      '..',
    ],
    ...[
      'tod\u043es.add',
      'todos\u0000.add',
      'todos.add ',
      ' todos.add',
      'TODOS.add',
      'todos\u2024add',
      'todos/add',
      'todos[add]',
    ],
    ...[Array(100).fill('a').join('.'), 'a'.repeat(256)],
  ]

  it('X17: is looked up whole: the router is not even touched', () => {
    let touched = 0
    const touch = {
      get: counting(Reflect.get),
      has: counting(Reflect.has),
      ownKeys: counting(Reflect.ownKeys),
      getOwnPropertyDescriptor: counting(Reflect.getOwnPropertyDescriptor),
    }
    function counting<Arguments extends unknown[], Result>(real: (...given: Arguments) => Result) {
      return (...given: Arguments): Result => {
        touched++
        return real(...given)
      }
    }
    const table = new ProcedureTable(new Proxy<Router>({ todos: new Proxy<Router>({ add: one }, touch) }, touch))
    expect(touched).toBeGreaterThan(0)
    touched = 0
    expect([...paths, 'a.'.repeat(10_000)].map((path) => table.find(path))).toEqual(
      Array(paths.length + 1).fill(undefined),
    )
    expect([table.find('todos.add')].length).toBe(1)
    expect(touched).toBe(0)
  })

  it('X17: gets NOT_FOUND, whatever it is', async () => {
    await using server = await serve(h.router({ todos: { add: one } }), { port: 0, logger: new RecordingLogger() })
    const client = await greet(server.port)
    client.say([1, 0, ...paths.map((path, index) => ['call', 1 + 2 * index, path])])
    const answers: unknown[] = []
    while (answers.length < paths.length) answers.push(...(await client.hear()).slice(2))
    expect(answers).toMatchObject(
      paths.map((_, index) => ['error', 1 + 2 * index, { code: 'NOT_FOUND', mayHaveRun: false }]),
    )
    client.socket.terminate()
    for (const path of ['', 'a.'.repeat(10_000), '\u4e00'.repeat(86)]) {
      const stranger = await connect(server.port)
      stranger.say(['hello', { ...HELLO, nonce: `n${path.length}` }], [1, 0, ['call', 1, path]])
      expect([4400, 4329]).toContain((await stranger.closed).code)
    }
  })
})

describe('a client that nobody means to call', () => {
  it('X18: opens no socket before its first call, and sends no frame after it', async () => {
    const h = hotline<object>()
    const router = h.router({ todos: { add: h.mutation(() => 1) } })
    await using server = await serve(router, { port: 0, logger: new RecordingLogger() })
    const sent: unknown[] = []
    let sockets = 0
    class Tapped extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols)
        sockets++
        const send = this.send.bind(this)
        this.send = (frame: string) => {
          sent.push(frame)
          send(frame)
        }
      }
    }
    type Api = Infer<typeof router>
    const api = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket: Tapped })
    const look = async () => {
      for (const part of [api, api.todos, api.todos.add]) {
        await part
        await Promise.all([part, Promise.resolve(part)])
        JSON.stringify({ part, list: [part] })
        String(part)
        void `${part}`
        for (const name of [
          ...Object.getOwnPropertyNames(Symbol),
          '$$typeof',
          'toJSON',
          '_owner',
          'props',
          'nodeType',
        ]) {
          const symbol: unknown = Reflect.get(Symbol, name)
          Reflect.get(part, typeof symbol === 'symbol' ? symbol : name)
        }
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    await look()
    expect(sockets).toBe(0)
    expect(await api.todos.add()).toBe(1)
    const before = sent.length
    await look()
    expect(sent.length).toBe(before)
    connectionOf(api).close()
  })
})

class Word {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Chance from a seed (mulberry32): the same values in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'isAdmin',
  'polluted',
  'a',
  '0',
  'toString',
  '\\u005f_proto__',
  '__defineGetter__',
]

/** JSON text with keys that mean ill. */
function hostile(random: (below: number) => number, depth: number): string {
  const kind = depth === 0 ? 0 : random(3)
  if (kind === 0) return ['true', '1', 'null', '"x"', '"__proto__"'][random(5)] ?? ''
  const members = Array.from({ length: random(4) }, () => hostile(random, depth - 1))
  if (kind === 1) return `[${members}]`
  return `{${members.map((member) => `"${KEYS[random(KEYS.length)]}":${member}`)}}`
}

function hostileTree(random: (below: number) => number): unknown {
  const path = Array.from({ length: 1 + random(3) }, () => KEYS[random(KEYS.length)]).join('.')
  const annotation = ['undefined', 'map', 'set', 'Error', 'Date', ['custom', '__proto__']][random(6)]
  return random(3) === 0 ? { [path]: [annotation] } : {}
}

/** The value where it is taken; what refuses it must be ours. */
function passing(text: string, meta: unknown): unknown {
  try {
    return superjsonCodec.decode(parseJson(text, 'A message'), meta)
  } catch (error) {
    if (error instanceof RangeError) throw error
    return undefined
  }
}
