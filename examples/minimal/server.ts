import { hotline, type Infer, serve } from '@hotline/server'
import * as z from 'zod'

const h = hotline<object>()
const todos: string[] = []

const api = h.router({
  todos: {
    add: h
      .input(z.object({ title: z.string().min(1) }))
      .errors({ LIST_FULL: z.object({ max: z.number() }) })
      .mutation(({ input, errors }) => {
        if (todos.length === 2) throw errors.LIST_FULL({ max: 2 })
        return { number: todos.push(input.title) }
      }),
    each: h.subscription(async function* () {
      for (const title of todos) yield title
    }),
  },
})

export interface Api extends Infer<typeof api> {}
export const server = await serve(api, { port: Number(process.env.PORT ?? 4000) })
