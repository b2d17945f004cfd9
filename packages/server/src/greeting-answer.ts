import { type ControlFrame, type Greeting, PROTOCOL_VERSION } from '@hotline/core/internal'
import type { ConnectionHost } from './connection-host.ts'
import type { Identity } from './identity.ts'
import type { Admission } from './session-registry.ts'

/** What a granted greeting is answered with. */
export function greetingAnswer(
  host: ConnectionHost,
  [word]: Greeting,
  { session, secret }: Admission,
  identity: Identity,
): ControlFrame {
  const { received } = session.session.delivery
  const now = host.settings.environment.now()
  if (word === 'resume') return ['resumed', { secret, received, ...expiry(identity, now) }]
  const { settings, contract } = host
  const { node, liveness, limits } = settings
  const times = { graceMs: limits.graceMs, heartbeatMs: liveness.heartbeatMs, timeoutMs: limits.callTimeoutMs }
  const made = { session: session.id, secret, received, node, contract }
  return ['welcome', { version: PROTOCOL_VERSION, ...made, ...times, ...expiry(identity, now) }]
}

/** The field that says how long credentials hold from now on. */
export function expiry({ expiresAt }: Identity, now: number): { readonly expiresInMs?: number } {
  return expiresAt === Number.POSITIVE_INFINITY ? {} : { expiresInMs: Math.max(0, expiresAt - now) }
}
