import { HotlineError, hotline } from '@hotline/server'
import * as z from 'zod'
import type { Person } from '../shared/model.ts'
import type { LoadMeter } from './load-meter.ts'
import type { Presence } from './presence.ts'
import type { Board, Work } from './store/board.ts'

/** What every handler gets as `ctx`. */
export interface Context {
  readonly user: Person
  readonly board: Board
  readonly presence: Presence
  readonly load: LoadMeter
}

// Ids of new rows are made by the page: a row that it shows at once and the one that the server then has are the same row.
export const Id = z.uuid()
export const Max = z.object({ max: z.number() })
export const text = (maxLength: number) => z.string().trim().min(1).max(maxLength)

export const h = hotline<Context>()

/**
 * Procedures that change the board. The page gives each intent a key, which is committed together with the change: a call
 * whose answer was lost with the line is simply made again, and gets that answer. Those that are `.idempotent()` do no
 * harm without a key either. The others would: to tick a second time takes back what someone else did in between.
 */
export const changing = h.use(({ ctx, idempotencyKey, next }) => {
  const change = (work: Work) => ctx.board.change({ by: ctx.user, key: idempotencyKey }, work)
  return next({ ctx: { change } })
})

export function gone(what: 'list' | 'task' | 'file'): HotlineError {
  return new HotlineError('NOT_FOUND', undefined, { message: `That ${what} is gone: someone has removed it.` })
}
