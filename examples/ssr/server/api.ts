import { hotline, type Infer } from '@hotline/server'
import * as z from 'zod'
import { Todos } from './todos.ts'
import type { Visitor } from './visitors.ts'

/** What every handler gets, called by a page or by the server that renders it. */
export interface Context {
  readonly visitor: Visitor
  readonly todos: Todos
}

const h = hotline<Context>()

export const api = h.router({
  me: h.query(({ ctx }) => ctx.visitor.name),

  todos: {
    list: h.live({
      on: ({ ctx }) => ctx.todos.changed,
      query: ({ ctx }) => ctx.todos.list,
    }),

    add: h
      .input(z.object({ title: z.string().trim().min(1).max(200) }))
      .errors({ LIST_FULL: z.object({ max: z.number() }) })
      .mutation(({ input, ctx, errors }) => {
        if (ctx.todos.isFull) throw errors.LIST_FULL({ max: Todos.max })
        return ctx.todos.add(input.title, ctx.visitor.name)
      }),

    finish: h
      .input(z.object({ id: z.bigint() }))
      .idempotent()
      .mutation(({ input, ctx }) => ctx.todos.finish(input.id)),
  },
})

export interface Api extends Infer<typeof api> {}
