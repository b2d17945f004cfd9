import { setTimeout as sleep } from 'node:timers/promises'
import { hotline, type Infer } from '@hotline/server'
import * as z from 'zod'
import type { Load } from '../outcome.ts'

/** What handlers get: one a connection. */
export interface Visitor {
  running: number
}

/** Handlers that run, and the most that ever ran for one connection. */
export class RunningHandlers {
  #running = 0
  #mostOfOne = 0

  begin(visitor: Visitor): void {
    this.#running++
    this.#mostOfOne = Math.max(this.#mostOfOne, ++visitor.running)
  }

  end(visitor: Visitor): void {
    this.#running--
    visitor.running--
  }

  report(): Pick<Load, 'running' | 'mostOfOne'> {
    return { running: this.#running, mostOfOne: this.#mostOfOne }
  }
}

/** A result that nearly fills a message: 8 KiB are left for the rest of it. */
const LARGE_CHARACTERS = 2 ** 20 - 2 * 8_192

/** How long a handler goes on that doesn't care whether it was cancelled. */
const DEAF_MS = 20

/** What is attacked, and what somebody harmless calls meanwhile. */
export function victimApi(handlers: RunningHandlers) {
  const h = hotline<Visitor>()
  return h.router({
    echo: h.input(z.number()).query(({ input }) => input),
    large: h.query(() => 'x'.repeat(LARGE_CHARACTERS)),
    deaf: h.query(async ({ ctx }) => {
      handlers.begin(ctx)
      await sleep(DEAF_MS)
      handlers.end(ctx)
    }),
    silence: h.subscription(async function* ({ ctx, signal }) {
      handlers.begin(ctx)
      try {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        yield 'never'
      } finally {
        handlers.end(ctx)
      }
    }),
  })
}

export interface VictimApi extends Infer<ReturnType<typeof victimApi>> {}
