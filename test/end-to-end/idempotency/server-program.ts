import { openSync, readFileSync } from 'node:fs'
import { hotline, type Infer, serve } from '@hotline/server'
import * as z from 'zod'
import { appendLine, fileStore } from './file-store.ts'

// A server for tests that kill it. Its effects are lines of a file; a process that `HANGS` never gets from an effect to
// its result.

const { FOLDER = '', PORT = '0', HANGS = 'no' } = process.env
const effectsPath = `${FOLDER}/effects`
const effects = openSync(effectsPath, 'a')

interface Effect {
  readonly by: string
  readonly key: string | undefined
  readonly amount: number
}

function readEffects(): Effect[] {
  const lines = readFileSync(effectsPath, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line))
}

async function hang(): Promise<void> {
  if (HANGS === 'yes') await new Promise(() => {})
}

const h = hotline<{ user: string }>()

const api = h.router({
  /** The store in front of it says what has run. */
  pay: h.input(z.number()).mutation(async ({ input, ctx, idempotencyKey }) => {
    appendLine(effects, { by: ctx.user, key: idempotencyKey, amount: input } satisfies Effect)
    await hang()
    return { paid: input, at: new Date(), count: readEffects().length }
  }),
  /** Writes the key with the effect, in one, and looks for it first: so it may run any number of times. */
  payAndCommit: h
    .idempotent()
    .input(z.number())
    .mutation(async ({ input, ctx, idempotencyKey }) => {
      const isPaid = readEffects().some(({ by, key }) => by === ctx.user && key === idempotencyKey)
      if (!isPaid) appendLine(effects, { by: ctx.user, key: idempotencyKey, amount: input } satisfies Effect)
      await hang()
      return { paid: input }
    }),
})
export interface Api extends Infer<typeof api> {}

const server = await serve(api, {
  port: Number(PORT),
  authenticate: ({ auth }) => ({ principal: String(auth), context: { user: String(auth) } }),
  idempotencyStore: fileStore(`${FOLDER}/keys`),
})
process.send?.({ port: server.port })
