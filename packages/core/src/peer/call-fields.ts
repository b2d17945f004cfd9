import { type Carried, NOTHING_CARRIED } from '../contract/invocation.ts'
import type { CallFields } from '../protocol/message.ts'
import type { IncomingItems } from './incoming-items.ts'

/** Of a call that carries nothing beside its input. */
export const NO_FIELDS: CallFields = {}

/** Whether it was sent before, in a session that was lost. */
export function isAgain({ again = 0 }: CallFields): boolean {
  return again > 0
}

/** What a call's procedure is told of its fields. */
export function carried(fields: CallFields, items?: IncomingItems): Carried {
  if (fields === NO_FIELDS) return NOTHING_CARRIED
  const { headers = NOTHING_CARRIED.headers, lastEventId, idempotencyKey } = fields
  return { ...NOTHING_CARRIED, headers, lastEventId, idempotencyKey, items: items?.reader ?? NOTHING_CARRIED.items }
}
