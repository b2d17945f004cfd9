import { hotline as clientHotline } from '@hotline/client'
import { hotline, type Infer, tracked } from '@hotline/server'
import * as z from 'zod'
import type { Witness } from './behaviour-router.ts'

/** What a client of the suite serves to its server. */
export function answersOf(witness: Witness) {
  const h = clientHotline<object>()
  return h.router({
    confirm: h
      .input(z.object({ text: z.string() }))
      .errors({ BUSY: z.object({ until: z.number() }) })
      .mutation(({ input, errors }) => {
        witness.runs.push(input.text)
        if (input.text === 'busy') throw errors.BUSY({ until: 5 })
        return input.text.length
      }),
    header: h.input(z.string()).query(({ input, headers }) => headers[input] ?? 'none'),
    wait: h.input(z.string()).mutation(async ({ input, signal }) => {
      witness.runs.push(input)
      await Promise.race([witness.released, witness.aborted(signal)])
      return `waited for ${input}`
    }),
    broken: h.query((): string => {
      throw new Error('a page is broken')
    }),
    total: h.items(z.number()).mutation(async ({ items }) => {
      let total = 0
      for await (const item of items) total += item
      return total
    }),
    clicks: h.input(z.number()).subscription(async function* ({ input, signal }) {
      try {
        for (let click = 1; click <= input; click++) yield tracked(String(click), click)
        if (input === 0) await witness.aborted(signal)
        return 'enough'
      } finally {
        witness.disposed++
      }
    }),
  })
}

export interface ClientApi extends Infer<ReturnType<typeof answersOf>> {}

/** What the server knows of whoever calls. */
export interface Caller {
  readonly user: string
}

/** A server whose handlers ask the client that called them. */
export function askingRouter() {
  const h = hotline<Caller, ClientApi>()
  return h.router({
    hello: h.query(({ ctx }) => ctx.user),
    /** Asks while the client waits for the answer of this very call. */
    ask: h.input(z.string()).mutation(async ({ input, client }) => `answer ${await client.confirm({ text: input })}`),
    /** Asks until its own caller gives up. */
    askWhileWanted: h.input(z.string()).mutation(({ input, client, signal }) => client.wait(input, { signal })),
    sum: h.input(z.number()).query(async ({ input, client }) => {
      let sum = 0
      for await (const click of await client.clicks(input)) sum += click
      return sum
    }),
  })
}

export interface AskingApi extends Infer<ReturnType<typeof askingRouter>> {}
