import { type Hotline, HotlineError } from '@hotline/server'
import * as z from 'zod'
import type { Witness } from './behaviour-router.ts'

/** Procedures that take items from their caller. */
export function uploadRoutes(h: Hotline<{ readonly user: string }, object>, witness: Witness) {
  return {
    /** Adds up what comes; where a number of `pauseAt` comes, the test has to release it. */
    sum: h
      .input(z.object({ pauseAt: z.number().optional() }))
      .items(z.number())
      .mutation(async ({ input, items, signal }) => {
        witness.runs.push('sum')
        let sum = 0
        for await (const item of items) {
          sum += item
          if (item !== input.pauseAt) continue
          witness.runs.push('paused')
          await Promise.race([witness.released, witness.aborted(signal)])
        }
        return sum
      }),
    /** Reads `count` items, then leaves them. */
    first: h
      .input(z.number())
      .items(z.string())
      .mutation(async ({ input, items }) => {
        const read: string[] = []
        for await (const item of items) if (read.push(item) === input) break
        await witness.released
        return read
      }),
    /** Never reads, and answers when the test says so. */
    ignore: h.items(z.string()).mutation(async ({ signal }) => {
      witness.runs.push('ignore')
      await Promise.race([witness.released, witness.aborted(signal)])
      return 'ignored'
    }),
    refuse: h.items(z.string()).mutation((): string => {
      throw new HotlineError('FORBIDDEN')
    }),
    /** Gives each item back, louder; ends when there are no more, or at `bye`. */
    shout: h.items(z.string()).subscription(async function* ({ items }) {
      let count = 0
      try {
        for await (const item of items) {
          count++
          yield item.toUpperCase()
          if (item === 'bye') return 'bye'
        }
        return count
      } finally {
        witness.disposed++
      }
    }),
  }
}
