import { HotlineError, hotline, type Server, type ServerFailure, serve } from '@hotline/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { answerTo, greet } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const SECRET = 'SELECT password FROM users'

/** What nobody should throw, and somebody will. Each has the secret in it where it can carry one. */
const THROWN = {
  null: () => null,
  undefined: () => undefined,
  'a symbol': () => Symbol(SECRET),
  'a string': () => SECRET,
  'a number': () => Number.NaN,
  'a bigint': () => 10n,
  'a function': () => () => SECRET,
  'a frozen object': () => Object.freeze({ code: 'FORBIDDEN', message: SECRET }),
  'a cyclic object': () => {
    const cyclic: Record<string, unknown> = { message: SECRET }
    cyclic.self = cyclic
    return cyclic
  },
  'a getter that throws': () => ({
    get code(): string {
      throw new Error(SECRET)
    },
    get message(): string {
      throw new Error(SECRET)
    },
  }),
  'a proxy that throws at everything': () => {
    const trap = () => {
      throw new Error(SECRET)
    }
    return new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap, getOwnPropertyDescriptor: trap })
  },
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  },
  'an object without a prototype': () => Object.assign(Object.create(null), { message: SECRET }),
  'an error': () => new Error(SECRET),
  'an error with a cyclic cause': () => {
    const error = new Error(SECRET)
    error.cause = error
    return error
  },
  'a promise': () => Promise.resolve(SECRET),
} as const satisfies Record<string, () => unknown>
type Shape = keyof typeof THROWN
const SHAPES = Object.keys(THROWN) as Shape[]

const UNENCODABLE = {
  'a function': () => ({ deep: [() => 1] }),
  'a symbol': () => Symbol('one'),
  'a cycle': () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    return cycle
  },
  'a class of its own': () => new (class Account {})(),
  'a promise inside': () => ({ inner: Promise.resolve(1) }),
  'a getter that throws': () => ({
    get inner(): string {
      throw new Error(SECRET)
    },
  }),
} as const satisfies Record<string, () => unknown>
const REFUSED = Object.keys(UNENCODABLE) as (keyof typeof UNENCODABLE)[]

const h = hotline<object>()
const shape = z.enum(SHAPES as [Shape, ...Shape[]])
const api = h.router({
  ring: h.query(() => 'ring'),
  rows: h.input(z.array(z.number())).query(({ input }) => input.length),
  wrong: h.output(z.object({ id: z.string() })).query(() => ({ id: { SECRET } }) as unknown as { id: string }),
  undeclared: h.query((): string => {
    throw new HotlineError('LIST_FULL', { max: SECRET })
  }),
  throws: h.input(shape).mutation(({ input }): string => {
    throw THROWN[input]()
  }),
  rejects: h.input(shape).mutation(async ({ input }): Promise<string> => {
    await null
    throw THROWN[input]()
  }),
  gives: h.input(z.enum(REFUSED as [string, ...string[]])).query(({ input }) => UNENCODABLE[input as 'a function']()),
  streams: h.input(shape).subscription(async function* ({ input }) {
    yield 1
    throw THROWN[input]()
  }),
})

const logger = new RecordingLogger()
const failures: ServerFailure[] = []
let server: Server

beforeAll(async () => {
  server = await serve(api, {
    port: 0,
    logger,
    onError: (failure) => {
      failures.push(failure)
      throw new Error('the hook is broken too')
    },
    authenticate: () => ({ principal: 'acme/ann', context: {} }),
  })
})

afterAll(() => server.close())

/** An INTERNAL error that says nothing of its reason, with an id that log and hook have too. */
function expectInternal(message: readonly unknown[], path: string): void {
  expect(message).toMatchObject(['error', 1, { code: 'INTERNAL', data: { id: expect.any(String) } }])
  expect(JSON.stringify(message)).not.toContain('SELECT')
  const { data } = message[2] as { readonly data: { readonly id: string } }
  expect(logger.at('error').map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ path, id: data.id, principal: 'acme/ann' }),
  )
  expect(failures).toContainEqual(expect.objectContaining({ path, id: data.id, principal: 'acme/ann' }))
}

describe('a call', () => {
  const PATHS = [
    'nothing',
    'ring.ring',
    '__proto__',
    '__proto__.x',
    'constructor',
    'toString',
    'then',
    'hasOwnProperty',
  ]

  it.each([...PATHS, 'a..b', '.', 'ring ', 'RING', 'rіng', 'a.'.repeat(127)])(
    'X17: gets NOT_FOUND for the path "%s"',
    async (path) => {
      expect(await answerTo(server.port, path)).toMatchObject(['error', 1, { code: 'NOT_FOUND', mayHaveRun: false }])
    },
  )

  it('gets BAD_INPUT with path and message of what does not fit', async () => {
    expect(await answerTo(server.port, 'rows', [1, 'two', 3])).toMatchObject([
      'error',
      1,
      { code: 'BAD_INPUT', mayHaveRun: false, data: { issues: [{ path: [1], message: expect.any(String) }] } },
    ])
  })

  it('gets at most 16 issues, however many there are', async () => {
    const rows = Array.from({ length: 1_000 }, () => 'none')
    const [, , fields] = await answerTo(server.port, 'rows', rows)
    expect(fields).toMatchObject({ code: 'BAD_INPUT', data: { issues: { length: 16 } } })
  })

  it('D15: gets INTERNAL for an output that does not fit, and nothing of the output', async () => {
    expectInternal(await answerTo(server.port, 'wrong'), 'wrong')
    const line = logger.at('error').find(({ fields }) => fields.path === 'wrong')
    expect(String(line?.fields.err)).toContain('What "wrong" returned does not fit its schema: id:')
  })

  it('gets INTERNAL for an error that its procedure does not declare, and the log says how it would get that', async () => {
    expectInternal(await answerTo(server.port, 'undeclared'), 'undeclared')
    const line = logger.at('error').find(({ fields }) => fields.path === 'undeclared')
    expect(line?.message).toContain("failed with LIST_FULL, which it doesn't declare")
  })
})

describe.each(SHAPES)('D12: a handler that throws %s', (thrown) => {
  it.each(['throws', 'rejects'])('gives its caller INTERNAL, and the server lives (%s)', async (path) => {
    expectInternal(await answerTo(server.port, path, thrown), path)
    expect(await answerTo(server.port, 'ring')).toEqual(['result', 1, 'ring'])
  })

  it('ends its stream the same way', async () => {
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'streams', thrown]])
    const messages: unknown[] = []
    while (messages.length < 3) messages.push(...(await client.hear()).slice(2))
    expect(messages.slice(0, 2)).toMatchObject([
      ['stream', 1],
      ['item', 1, 2, 1],
    ])
    expectInternal(messages[2] as unknown[], 'streams')
    client.socket.terminate()
  })
})

describe('a result that cannot be encoded', () => {
  it.each(REFUSED)('A20: fails its own call and no other: %s', async (what) => {
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'ring'], ['call', 3, 'gives', what], ['call', 5, 'ring']])
    const messages: unknown[] = []
    while (messages.length < 3) messages.push(...(await client.hear()).slice(2))
    expect(messages).toMatchObject([
      ['result', 1, 'ring'],
      ['error', 3, { code: 'INTERNAL' }],
      ['result', 5, 'ring'],
    ])
    expect(client.transcript.join()).not.toContain('SELECT')
    client.socket.terminate()
  })
})
