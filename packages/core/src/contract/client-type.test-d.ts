import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { CallOptions, UploadOptions } from './call.ts'
import type { Client } from './client-type.ts'
import { hotline } from './hotline.ts'
import type { Infer } from './infer.ts'
import type { Lazy, Procedure } from './procedure.ts'
import type { Stream } from './stream.ts'
import { tracked } from './tracked.ts'

interface Todo {
  readonly id: string
  readonly title: string
}

const h = hotline<object>()
const rows = Promise.resolve({ rows: [{ id: 1 }] })
const admin = h.router({ ban: h.input(z.object({ id: z.string() })).mutation(({ input }) => input.id === 'x') })
const api = h.router({
  ping: h.query(() => 'pong' as const),
  list: h.input(z.object({ done: z.boolean().optional() }).optional()).query(() => [] as Todo[]),
  add: h.input(z.object({ title: z.string(), n: z.string().transform(Number) })).mutation(async () => ({ id: '1' })),
  changes: h.input(z.object({ list: z.string() })).subscription(async function* ({ lastEventId, input }) {
    if (lastEventId !== undefined) yield tracked('0', { type: 'gone' as const, id: 1 })
    yield tracked('1', { type: 'added' as const, title: input.list })
    return { total: 2 }
  }),
  checked: h.input(z.string()).subscription(async ({ input }) => {
    if (input === '') throw new Error('refused before it was accepted')
    return (async function* () {
      yield 1
    })()
  }),
  importRows: h
    .input(z.object({ list: z.string() }))
    .items(z.object({ at: z.coerce.date() }))
    .mutation(async () => 1),
  chat: h.items(z.string()).subscription(async function* ({ items }) {
    for await (const line of items) yield line.length
  }),
  choice: h.output(z.object({ kind: z.enum(['a', 'b']) })).subscription(async function* () {
    yield tracked('1', { kind: 'a' as const })
    yield { kind: 'b' }
  }),
  inline: {
    promised: h.query(() => rows.then((found) => found.rows)),
    all: h.input(z.object({ q: z.string() })).query(async ({ input }) => Promise.all([rows, input.q])),
    maybe: h.query(() => (Math.random() > 1 ? { k: 1 } : null)),
    either: h.query(async () => (Math.random() > 1 ? { t: 'a' as const } : { t: 'b' as const, n: 1 })),
    nothing: h.mutation(async () => {}),
  },
  admin: h.lazy(async () => admin),
})
interface Api extends Infer<typeof api> {}
declare const client: Client<Api>

describe('a client', () => {
  it('has every procedure as a function that returns a promise', () => {
    expectTypeOf(client.ping).returns.toEqualTypeOf<Promise<'pong'>>()
    expectTypeOf(client.add).toEqualTypeOf<
      (input: { title: string; n: string }, options?: CallOptions) => Promise<{ id: string }>
    >()
  })

  it('may leave the input out exactly when its schema accepts undefined', () => {
    expectTypeOf(client.ping).toBeCallableWith()
    expectTypeOf(client.ping).toBeCallableWith(undefined, { timeoutMs: 1 })
    expectTypeOf(client.list).toBeCallableWith()
    // @ts-expect-error the input is required
    expectTypeOf(client.add).toBeCallableWith()
  })

  it('gets a stream, with what the handler returned at its end as its result', () => {
    type Change = { type: 'gone'; id: number } | { type: 'added'; title: string }
    expectTypeOf(client.changes).returns.resolves.toEqualTypeOf<Stream<Change, { total: number }>>()
  })

  it('gets the same stream from a handler that may refuse first', () => {
    expectTypeOf(client.checked).returns.resolves.toExtend<AsyncIterable<number>>()
  })

  it('gets items as the output schema gives them', () => {
    expectTypeOf(client.choice).returns.resolves.toExtend<AsyncIterable<{ kind: 'a' | 'b' }>>()
    expectTypeOf(client.choice).returns.resolves.not.toExtend<AsyncIterable<{ kind: 'a' }>>()
  })

  it('must stream items in where the procedure takes them, as its schema accepts them', () => {
    expectTypeOf(client.importRows).parameter(1).toEqualTypeOf<UploadOptions<{ at: unknown }>>()
    expectTypeOf(client.chat).toBeCallableWith(undefined, { items: ['a'] })
    // @ts-expect-error items are missing
    expectTypeOf(client.chat).toBeCallableWith(undefined)
    // @ts-expect-error items are of another type
    expectTypeOf(client.chat).toBeCallableWith(undefined, { items: [1] })
  })

  it('streams in from an iterable, an async iterable or a ReadableStream', () => {
    expectTypeOf(client.chat).toBeCallableWith(undefined, { items: new Set(['a']) })
    expectTypeOf(client.chat).toBeCallableWith(undefined, { items: {} as AsyncGenerator<string> })
    expectTypeOf(client.chat).toBeCallableWith(undefined, { items: new ReadableStream<string>() })
  })

  it('gets awaited, union and empty results as they are', () => {
    expectTypeOf(client.inline.promised).returns.resolves.toEqualTypeOf<{ id: number }[]>()
    expectTypeOf(client.inline.all).returns.resolves.toEqualTypeOf<[{ rows: { id: number }[] }, string]>()
    expectTypeOf(client.inline.maybe).returns.resolves.toEqualTypeOf<{ k: number } | null>()
    expectTypeOf(client.inline.either).returns.resolves.toExtend<{ t: 'a' | 'b' }>()
    expectTypeOf(client.inline.nothing).returns.resolves.toEqualTypeOf<void>()
  })

  it('sees through parts that are loaded later, at the top and below', () => {
    expectTypeOf(client.admin.ban).toEqualTypeOf<(input: { id: string }, options?: CallOptions) => Promise<boolean>>()
    expectTypeOf<Client<Lazy<typeof admin>>>().toExtend<object>()
    expectTypeOf<Client<{ deep: { later: Lazy<typeof admin> } }>['deep']['later']>().toEqualTypeOf<
      Client<typeof admin>
    >()
  })

  it('works in promise combinators', async () => {
    const [added, listed] = await Promise.all([client.add({ title: '', n: '1' }), client.list()])
    expectTypeOf(added).toEqualTypeOf<{ id: string }>()
    expectTypeOf(listed).toEqualTypeOf<Todo[]>()
  })

  it('has no other names', () => {
    // @ts-expect-error there is no such procedure
    client.remove
  })

  it('is the same for a procedure written out by hand', () => {
    expectTypeOf<Client<{ a: Procedure<(input: string) => Promise<void>> }>>().toEqualTypeOf<{
      readonly a: (input: string) => Promise<void>
    }>()
  })
})
