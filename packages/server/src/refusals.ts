import { type CloseName, printable, type Refused } from '@hotline/core/internal'
import { GATE_REFUSALS } from './gate/gate-refusals.ts'
import type { IdentityRefusal } from './identity.ts'

/** A renewal may bring newer credentials of the same principal only. */
export const OTHER_PRINCIPAL: IdentityRefusal = {
  close: 'CREDENTIALS',
  code: 'UNAUTHORIZED',
  message: 'The newer credentials are of somebody else: open a client of their own for them.',
}

/** Each asks the application, which may cost a query. */
export const TOO_MANY_RENEWALS =
  'Newer credentials came too often: give them when most of the time of the older ones is over.'

/** What a greeting gets that isn't looked at further, and the close behind it. */
export interface NewRefusal {
  readonly close: CloseName
  readonly refusal: Refused
}

/** The server goes away. */
export const DRAINING: NewRefusal = {
  close: 'GOING_AWAY',
  refusal: {
    code: 'DRAINING',
    message: 'This server is going away and takes no new sessions.',
    retryAfterMs: 1_000,
  },
}

/** The server keeps about as much as it may. */
export const BUSY: NewRefusal = {
  close: 'BUSY',
  refusal: {
    code: 'BUSY',
    message: 'This server keeps as much for its clients as it may, and takes no new sessions for the moment.',
    retryAfterMs: 5_000,
  },
}

/** Whether it may come back is for `authenticate` to say, which is asked again then. */
export const REVOKED: NewRefusal = {
  close: 'CREDENTIALS',
  refusal: { code: 'UNAUTHORIZED', message: 'The principal was revoked while its credentials were looked at.' },
}

/** What a client hears of a failure that is not its own. */
export const CHECK_FAILED = { code: 'INTERNAL', message: 'The server failed; its log says why.' }

/** What a resume gets from where too many failed: nobody has looked whether it is a right one. */
export function tooManyResumes(retryAfterMs: number): Refused {
  const { says } = GATE_REFUSALS.failedResumes
  return { code: 'TOO_MANY_REQUESTS', message: says, ...(Number.isFinite(retryAfterMs) && { retryAfterMs }) }
}

/** How a socket ended from the other side; the reason is a stranger's. */
export function closedBy(code: number, reason: string): string {
  return `The socket closed with code ${code}${reason === '' ? '' : ` (${printable(reason)})`}.`
}
