import { printable } from './printable.ts'

/**
 * Every code that Hotline closes a WebSocket with (PROTOCOL.md, "Close codes").
 * 4400-4499 are final; any other code, also one that a proxy sends, may come back.
 */
export const CLOSE_CODES = {
  NORMAL: { code: 1000, says: 'The peer said bye.' },
  GOING_AWAY: { code: 1001, says: 'The server stops; another may answer.' },
  INTERNAL: { code: 1011, says: 'The server failed; its log says why.' },
  BUSY: { code: 1013, says: 'The server keeps as much as it may; come back later.' },
  CREDENTIALS: { code: 4301, says: 'The credentials were refused; ask for new ones and come back.' },
  EXPIRED: { code: 4302, says: 'The credentials ran out; come back with new ones.' },
  HELLO_TIMEOUT: { code: 4308, says: 'No hello came in time.' },
  SUPERSEDED: { code: 4309, says: 'A newer connection took over this session.' },
  SILENT: { code: 4310, says: 'Nothing was heard from the peer for too long.' },
  AUTH_TIMEOUT: { code: 4311, says: 'Authentication took too long.' },
  FLOOD: { code: 4329, says: 'More messages than the limits allow.' },
  SLOW_CONSUMER: { code: 4331, says: 'Too much was kept for this peer; it took too little of it.' },
  BAD_FRAME: { code: 4400, says: 'A frame broke the grammar.' },
  FORBIDDEN: { code: 4403, says: 'This peer may not connect.' },
  HELLO_EXPECTED: { code: 4410, says: 'Something came before hello.' },
  HELLO_TWICE: { code: 4411, says: 'A second hello came on one connection.' },
  BAD_SEQUENCE: { code: 4412, says: 'A frame left out a number, or acknowledged what was never sent.' },
  VERSION: { code: 4426, says: 'The peers speak different versions of the protocol.' },
} as const satisfies Record<string, { readonly code: number; readonly says: string }>

export type CloseName = keyof typeof CLOSE_CODES

/** Whether a client may connect again after this code. */
export function mayReconnect(code: number): boolean {
  return code < 4400 || code > 4499
}

const ENDING: ReadonlySet<CloseName> = new Set(['NORMAL', 'GOING_AWAY', 'INTERNAL', 'SLOW_CONSUMER'])

/** Whether a server that closes with this code has ended the session too: after a goodbye, its own end, a peer too slow, or a broken rule. */
export function endsSession(name: CloseName): boolean {
  return ENDING.has(name) || !mayReconnect(CLOSE_CODES[name].code)
}

/** A close reason that fits a close frame: printable, at most 123 bytes of UTF-8, cut on a character (RFC 6455, section 5.5). */
export function closeReason(text: string): string {
  let bytes = 0
  let reason = ''
  for (const character of printable(text)) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (bytes > 123) return reason
    reason += character
  }
  return reason
}
