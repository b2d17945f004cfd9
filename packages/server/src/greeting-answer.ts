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
  if (word === 'resume') return ['resumed', { secret, received, ...expiry(identity) }]
  const { settings, contract } = host
  const { node, liveness, limits } = settings
  const times = { graceMs: limits.graceMs, heartbeatMs: liveness.heartbeatMs, timeoutMs: limits.callTimeoutMs }
  const made = { session: session.id, secret, received, node, contract }
  return ['welcome', { version: PROTOCOL_VERSION, ...made, ...times, ...expiry(identity) }]
}

/** The field that says how long credentials hold. */
export function expiry({ expiresInMs }: Identity): { readonly expiresInMs?: number } {
  return expiresInMs === undefined ? {} : { expiresInMs }
}
