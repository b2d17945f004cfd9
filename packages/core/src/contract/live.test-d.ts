import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { topic } from '../source/topic.ts'
import type { CallOptions, Reply } from './call.ts'
import type { Client } from './client-type.ts'
import { hotline } from './hotline.ts'
import type { ErrorsOf, Infer, InputOf, OutputOf, StreamItemOf } from './infer.ts'
import { isErrorOf } from './is-error-of.ts'
import type { LiveUpdate } from './live-update.ts'
import { liveValues } from './live-values.ts'
import type { Stream } from './stream.ts'

interface Todo {
  readonly id: string
  readonly title: string
}

const changes = topic<Todo>()
const h = hotline<{ user: string }>()
const api = h.router({
  todos: {
    list: h.input(z.object({ done: z.boolean().optional() })).live({
      on: ({ input, ctx }) => {
        expectTypeOf(input).toEqualTypeOf<{ done?: boolean | undefined }>()
        expectTypeOf(ctx).toEqualTypeOf<{ user: string }>()
        return changes
      },
      query: async ({ input }) => (input.done === true ? [] : ([{ id: '1', title: 'milk' }] as Todo[])),
    }),
    count: h
      .output(z.object({ n: z.number() }))
      .errors({ SHUT: z.number() })
      .live({
        on: async () => [changes, changes.subscribe({ whenFull: 'latest' })],
        query: () => ({ n: 1 }),
      }),
  },
})
interface Api extends Infer<typeof api> {}
declare const client: Client<Api>

describe('a live query', () => {
  it('is called as a query is', () => {
    expectTypeOf(client.todos.list).toBeCallableWith({ done: true }, { timeoutMs: 1 })
    expectTypeOf(client.todos.list({})).toEqualTypeOf<Promise<Todo[]>>()
    // @ts-expect-error the input is required
    void client.todos.list()
    // @ts-expect-error not a boolean
    void client.todos.list({ done: 1 })
  })

  it('has a stream beside it, with the same input and the same errors', () => {
    expectTypeOf(client.todos.list.live).toEqualTypeOf<
      (input: { done?: boolean | undefined }, options?: CallOptions) => Promise<Stream<LiveUpdate<Todo[]>>>
    >()
    expectTypeOf(client.todos.count.live()).toEqualTypeOf<
      Reply<Stream<LiveUpdate<{ n: number }>>, { readonly SHUT: number }>
    >()
    // @ts-expect-error the input is required
    void client.todos.list.live()
  })

  it('gives whole values through liveValues', async () => {
    expectTypeOf(liveValues(await client.todos.list.live({}))).toEqualTypeOf<Stream<Todo[], void>>()
    for await (const { n } of liveValues(await client.todos.count.live())) expectTypeOf(n).toEqualTypeOf<number>()
  })

  it('is inferred from as any procedure is', () => {
    expectTypeOf<InputOf<Api['todos']['list']>>().toEqualTypeOf<{ done?: boolean | undefined }>()
    expectTypeOf<OutputOf<Api['todos']['list']>>().toEqualTypeOf<Todo[]>()
    expectTypeOf<OutputOf<typeof client.todos.list>>().toEqualTypeOf<Todo[]>()
    expectTypeOf<ErrorsOf<Api['todos']['count']>['code']>().toEqualTypeOf<'SHUT'>()
    expectTypeOf<StreamItemOf<typeof client.todos.list.live>>().toEqualTypeOf<LiveUpdate<Todo[]>>()
    const error: unknown = null
    if (isErrorOf(client.todos.count, error, 'SHUT')) expectTypeOf(error.data).toEqualTypeOf<number>()
    if (isErrorOf(client.todos.count.live, error, 'SHUT')) expectTypeOf(error.data).toEqualTypeOf<number>()
  })

  it('must give what its output schema accepts, and be told of changes by sources', () => {
    // @ts-expect-error n is missing
    h.output(z.object({ n: z.number() })).live({ on: () => changes, query: () => ({}) })
    // @ts-expect-error a number is no source
    h.live({ on: () => 1, query: () => 1 })
    // @ts-expect-error the query is missing
    h.live({ on: () => changes })
  })
})
