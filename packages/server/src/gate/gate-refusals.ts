/** Why an upgrade, or a resume, is refused at the gate: what strangers are told, and how `server.stats()` counts it. */
export const GATE_REFUSALS = {
  method: { status: 405, says: 'A WebSocket begins with a GET.' },
  handshake: { status: 400, says: 'This is no WebSocket handshake.' },
  subprotocol: { status: 400, says: 'The subprotocol is missing.' },
  origin: { status: 403, says: 'Pages from this origin may not connect here.' },
  insecure: { status: 403, says: 'Connect over TLS: wss:// instead of ws://.' },
  upgradeRate: { status: 429, says: 'Too many connections were opened from this address: wait a while.' },
  connections: { status: 503, says: 'This server has as many connections as it may.' },
  connectionsPerAddress: { status: 429, says: 'This address has as many connections as it may.' },
  unauthenticated: { status: 503, says: 'This server waits for as many greetings as it may.' },
  unauthenticatedPerAddress: {
    status: 429,
    says: 'This address has as many connections without a greeting as it may.',
  },
  failedResumes: { status: 429, says: 'Too many resumes failed: wait a while.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly says: string }>>

export type GateRefusalName = keyof typeof GATE_REFUSALS
