import { HotlineError } from '@hotline/server'
import * as z from 'zod'
import { LIMITS } from '../shared/limits.ts'
import type { Person } from '../shared/model.ts'

const Auth = z.object({ id: z.uuid(), name: z.string().trim().min(1).max(LIMITS.personNameLength) })

/** Takes everyone at their word: this is an example, and whoever can open the page may choose any name. */
export function whoIs(auth: unknown): Person {
  const parsed = Auth.safeParse(auth)
  if (!parsed.success) throw new HotlineError('UNAUTHORIZED', undefined, { message: 'Choose a name first.' })
  return parsed.data
}
