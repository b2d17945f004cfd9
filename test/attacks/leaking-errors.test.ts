import { type AuthenticateCall, hotline, type ServerFailure, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { connect, greet, HELLO, type RawClient } from '../end-to-end/raw-client.ts'
import { RecordingLogger } from '../end-to-end/recording-logger.ts'
import { leaksIn, THROWN_SHAPES, type ThrownShape } from './fixture/thrown-shapes.ts'

const SHAPES = Object.keys(THROWN_SHAPES) as ThrownShape[]
const Shape = z.enum(SHAPES)
const throwIt = (shape: ThrownShape): never => {
  throw THROWN_SHAPES[shape]()
}

const base = hotline<object>()
const h = base.errors({ TAKEN: z.object({ by: z.string() }) })
/** A schema that throws where it transforms: zod lets that through. */
const throwing = Shape.transform((shape): string => throwIt(shape))

/** Procedures by the place at which they throw. */
const places = base.router({
  handler: h.input(Shape).query(({ input }) => throwIt(input)),
  later: h.input(Shape).mutation(async ({ input }) => {
    await null
    throwIt(input)
  }),
  // The input hasn't been checked yet, so the shape comes as a header.
  middleware: h
    .use(({ headers, next }) => (headers.shape === undefined ? next() : throwIt(Shape.parse(headers.shape))))
    .query(() => 1),
  wrapping: h
    .use(async ({ headers, next }) => {
      const done = await next()
      throwIt(Shape.parse(headers.shape))
      return done
    })
    .query(() => 1),
  input: h.input(throwing).query(() => 1),
  output: h
    .input(Shape)
    .output(throwing)
    .query(({ input }) => input as never),
  keyed: h.input(Shape).mutation(({ input }) => throwIt(input)),
  accepting: h.input(Shape).subscription(async ({ input }): Promise<AsyncIterable<string>> => throwIt(input)),
  generator: h.input(Shape).subscription(async function* ({ input }) {
    yield 'first'
    throwIt(input)
  }),
  item: h
    .input(Shape)
    .output(throwing)
    .subscription(async function* ({ input }) {
      yield input as never
    }),
  next: h.input(Shape).subscription(
    ({ input }): AsyncIterable<string> => ({
      [Symbol.asyncIterator]: () => ({ next: async () => throwIt(input) }),
    }),
  ),
  iterator: h.input(Shape).subscription(
    ({ input }): AsyncIterable<string> => ({
      [Symbol.asyncIterator]: () => throwIt(input),
    }),
  ),
  leaving: h.input(Shape).subscription(({ input }): AsyncIterable<string> => {
    let leave = () => {}
    const next = () => new Promise<never>((_, reject) => (leave = () => reject(THROWN_SHAPES[input]())))
    const left = async () => {
      leave()
      return throwIt(input)
    }
    return { [Symbol.asyncIterator]: () => ({ next, return: left }) }
  }),
})
const PLACES = Object.keys(places) as (keyof typeof places)[]

const quiet = () => ({ port: 0, logger: new RecordingLogger() })

/** Frames until each of the calls has had its last word. */
async function answers(client: RawClient, count: number): Promise<void> {
  for (let ended = 0; ended < count; ) {
    for (const message of (await client.hear()).slice(2)) {
      if (Array.isArray(message) && (message[0] === 'error' || message[0] === 'result')) ended++
    }
  }
}

describe('what a client sees of something thrown', () => {
  it.each(PLACES)('X19: is nothing of it, at the place "%s"', async (place) => {
    const failures: ServerFailure[] = []
    await using server = await serve(places, { ...quiet(), onError: (failure) => failures.push(failure) })
    const client = await greet(server.port)
    const calls = SHAPES.map((shape, index) => {
      const key = place === 'keyed' ? { idempotencyKey: shape } : {}
      return ['call', 1 + 2 * index, place, shape, { headers: { shape }, ...key }]
    })
    client.say([1, 0, ...calls])
    if (place === 'leaving') client.say([1 + calls.length, 0, ...SHAPES.map((_, index) => ['cancel', 1 + 2 * index])])
    await answers(client, calls.length)
    client.socket.terminate()
    const said = client.transcript.slice(1)
    expect(leaksIn(said)).toEqual([])
    expect(said.join('').length).toBeLessThan(SHAPES.length * 400)
    // The log has it all.
    if (place !== 'leaving') expect(failures.length).toBeGreaterThan(SHAPES.length / 2)
  })

  it('X19: is looked for in enough of them', () => {
    expect(PLACES.length * SHAPES.length).toBeGreaterThanOrEqual(200)
  })

  it('X19: is nothing of what the check of credentials throws, before and after its client was let in', async () => {
    const authenticate = ({ auth }: AuthenticateCall) => {
      if (auth !== 'in') throwIt(Shape.parse(auth))
      return { context: {} }
    }
    await using server = await serve(places, { ...quiet(), authenticate })
    for (const shape of SHAPES) {
      const stranger = await connect(server.port)
      stranger.say(['hello', { ...HELLO, nonce: shape, auth: shape }])
      const { reason } = await stranger.closed
      const client = await greet(server.port, { auth: 'in' })
      client.say(['reauth', { auth: shape }], ['ping'])
      await client.hear()
      client.socket.terminate()
      expect(leaksIn([reason, ...stranger.transcript, ...client.transcript.slice(1)])).toEqual([])
    }
  })

  it('X19: is nothing of what loading a part of the router throws', async () => {
    const parts = SHAPES.map((shape) => [
      `part${SHAPES.indexOf(shape)}`,
      base.lazy(async () => throwIt(shape) as object),
    ])
    await using server = await serve(base.router(Object.fromEntries(parts)), quiet())
    const client = await greet(server.port)
    client.say([1, 0, ...SHAPES.map((_, index) => ['call', 1 + 2 * index, `part${index}.x`])])
    await answers(client, SHAPES.length)
    client.socket.terminate()
    expect(leaksIn(client.transcript.slice(1))).toEqual([])
  })

  it('X19: is as much of an error as its schema declares', async () => {
    await using server = await serve(places, quiet())
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'handler', 'a declared code with more data than declared']])
    const [, , message] = await client.hear()
    client.socket.terminate()
    expect(message).toMatchObject(['error', 1, { code: 'TAKEN', data: { by: 'ann' } }])
  })
})

describe('a server that exposes its errors', () => {
  it('X19: shows them, since it was told to: the very test above fails then', async () => {
    await using server = await serve(places, { ...quiet(), exposeErrors: true })
    for (const place of ['handler', 'keyed']) {
      const client = await greet(server.port)
      client.say([1, 0, ['call', 1, place, 'an error with causes', { idempotencyKey: 'k' }]])
      await answers(client, 1)
      client.socket.terminate()
      expect(leaksIn([client.transcript.at(-1) ?? ''])).toHaveLength(1)
      expect(JSON.parse(client.transcript.at(-1) ?? '')[2]).toMatchObject([
        'error',
        1,
        {
          code: 'INTERNAL',
          data: { thrown: { message: 'outer', stack: expect.stringContaining('Caused by: Error: SELECT') } },
        },
      ])
    }
  })

  it('X19: shows nothing of a check of credentials: strangers see that', async () => {
    const authenticate = () => throwIt('an error')
    await using server = await serve(places, { ...quiet(), exposeErrors: true, authenticate })
    const stranger = await connect(server.port)
    stranger.say(['hello', HELLO])
    const { reason } = await stranger.closed
    expect(leaksIn([reason, ...stranger.transcript])).toEqual([])
  })
})

describe('what a client sees of an input that does not fit', () => {
  it('X19: is 16 issues with their places, and never what was sent', async () => {
    const Rows = z.array(z.object({ title: z.string().min(1), secret: z.literal('x') }))
    const rows = base.router({ rows: h.input(Rows).query(() => 1) })
    await using server = await serve(rows, quiet())
    const client = await greet(server.port)
    const typed = { title: 7, secret: 'hunter2-hunter2', ['k'.repeat(500)]: 'hunter2-hunter2' }
    client.say([1, 0, ['call', 1, 'rows', Array(100).fill(typed)]])
    await answers(client, 1)
    client.socket.terminate()
    const [, , message] = JSON.parse(client.transcript.at(-1) ?? '')
    const { issues } = message[2].data
    expect(issues).toHaveLength(16)
    expect(issues.every((issue: object) => Object.keys(issue).sort().join() === 'message,path')).toBe(true)
    expect(client.transcript.at(-1)).not.toContain('hunter2')
  })

  it('X19: is a bounded text where its own keys are named in it', async () => {
    const strict = base.router({ add: h.input(z.strictObject({ a: z.number() })).query(() => 1) })
    await using server = await serve(strict, quiet())
    const client = await greet(server.port)
    client.say([
      1,
      0,
      ['call', 1, 'add', Object.fromEntries(Array.from({ length: 100 }, (_, index) => ['k'.repeat(900) + index, 1]))],
    ])
    await answers(client, 1)
    client.socket.terminate()
    expect((client.transcript.at(-1) ?? '').length).toBeLessThan(2_000)
  })
})
