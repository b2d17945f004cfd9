import { printable } from './printable.ts'
import { utf8Bytes } from './utf8.ts'

/** The codes that both ends close with, or tell apart: a page needs no others. */
export const SHARED_CLOSE_CODES = {
  /** The peer said bye. */
  NORMAL: 1000,
  /** The server stops; another may answer. */
  GOING_AWAY: 1001,
  /** The server failed; its log says why. */
  INTERNAL: 1011,
  /** The credentials were refused; ask for new ones and come back. */
  CREDENTIALS: 4301,
  /** A newer connection took over this session. */
  SUPERSEDED: 4309,
  /** Nothing was heard from the peer for too long. */
  SILENT: 4310,
  /** More messages than the limits allow. */
  FLOOD: 4329,
  /** Too much was kept for this peer; it took too little of it. */
  SLOW_CONSUMER: 4331,
  /** A frame broke the grammar. */
  BAD_FRAME: 4400,
  /** A frame left out a number, or acknowledged what was never sent. */
  BAD_SEQUENCE: 4412,
} as const satisfies Readonly<Record<string, number>>

/** What only a server has a reason for. */
const SERVER_CLOSE_CODES = {
  /** The server keeps as much as it may; come back later. */
  BUSY: 1013,
  /** The credentials ran out; come back with new ones. */
  EXPIRED: 4302,
  /** No hello came in time. */
  HELLO_TIMEOUT: 4308,
  /** Authentication took too long. */
  AUTH_TIMEOUT: 4311,
  /** This peer may not connect. */
  FORBIDDEN: 4403,
  /** Something came before hello. */
  HELLO_EXPECTED: 4410,
  /** A second hello came on one connection. */
  HELLO_TWICE: 4411,
  /** The peers speak different versions of the protocol. */
  VERSION: 4426,
} as const satisfies Readonly<Record<string, number>>

/**
 * Every code that Hotline closes a WebSocket with (PROTOCOL.md, "Close codes").
 * 4400-4499 are final; any other code, also one that a proxy sends, may come back.
 */
export const CLOSE_CODES = /* @__PURE__ */ Object.assign({}, SHARED_CLOSE_CODES, SERVER_CLOSE_CODES)

/** The close codes that a peer who breaks the protocol gets, among others. */
export type SharedCloseName = keyof typeof SHARED_CLOSE_CODES

export type CloseName = keyof typeof CLOSE_CODES

/** Whether a client may connect again after this code. */
export function mayReconnect(code: number): boolean {
  return code < 4400 || code > 4499
}

const ENDING: ReadonlySet<CloseName> = new Set(['NORMAL', 'GOING_AWAY', 'INTERNAL', 'SLOW_CONSUMER'])

/** Whether a server that closes with this code has ended the session too: after a goodbye, its own end, a peer too slow, or a broken rule. */
export function endsSession(name: CloseName): boolean {
  return ENDING.has(name) || !mayReconnect(CLOSE_CODES[name])
}

/** A close reason that fits a close frame: printable, at most 123 bytes of UTF-8, cut on a character (RFC 6455, section 5.5). */
export function closeReason(text: string): string {
  let reason = ''
  for (const character of printable(text)) {
    if (utf8Bytes(reason + character) > 123) return reason
    reason += character
  }
  return reason
}
