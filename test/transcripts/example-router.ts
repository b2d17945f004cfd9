import { gap, hotline, type Infer, tracked } from '@hotline/server'
import * as z from 'zod'

const page = hotline<object>()

/** What the client of the transcripts serves. */
export const exampleHandlers = page.router({
  confirm: page.input(z.object({ text: z.string() })).mutation(({ input }) => input.text.endsWith('?')),
})

interface ClientApi extends Infer<typeof exampleHandlers> {}

const h = hotline<{ user: string }, ClientApi>()

/** The procedures of PROTOCOL.md's transcripts, which it lists under "Transcripts". */
export function exampleRouter() {
  const todos: string[] = []
  return h.router({
    math: {
      add: h.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
    },
    bytes: {
      reverse: h.input(z.instanceof(Uint8Array)).query(({ input }) => input.toReversed()),
    },
    days: {
      next: h.input(z.date()).query(({ input }) => new Date(input.getTime() + 86_400_000)),
    },
    todos: {
      add: h
        .input(z.object({ title: z.string() }))
        .errors({ LIST_FULL: z.object({ max: z.number() }) })
        .mutation(({ input, errors }) => {
          if (todos.length === 2) throw errors.LIST_FULL({ max: 2 })
          return todos.push(input.title)
        }),
    },
    countdown: h.input(z.number()).subscription(async function* ({ input, lastEventId }) {
      for (let left = Number(lastEventId ?? input + 1) - 1; left > 0; left--) yield tracked(String(left), left)
      return 'lift-off'
    }),
    news: h.subscription(async function* ({ signal, lastEventId }) {
      yield lastEventId === undefined ? tracked.start('7') : gap()
      yield 'good morning'
      await aborted(signal)
    }),
    ask: h.input(z.string()).mutation(async ({ input, client }) => {
      return (await client.confirm({ text: input })) ? 'confirmed' : 'declined'
    }),
    wait: h.mutation(async ({ signal }) => {
      await aborted(signal)
      return 'stopped'
    }),
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
