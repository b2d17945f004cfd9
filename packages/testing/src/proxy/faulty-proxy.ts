import type { Conditions, Way } from './conditions.ts'
import type { Tally } from './one-way.ts'

export interface ProxyTarget {
  readonly port: number
  /** 127.0.0.1 without one. */
  readonly host?: string | undefined
}

/** What changes about a line; what isn't named stays. */
export interface ProxyChange {
  readonly up?: Partial<Conditions> | undefined
  readonly down?: Partial<Conditions> | undefined
  /** New connections are reset at once. */
  readonly isRefusing?: boolean | undefined
}

export interface ProxyOptions extends ProxyChange {
  /** The server that connections are made to. It needs not listen yet: until it does, they are reset. */
  readonly target: ProxyTarget
}

/** What has happened since the start, over all connections. */
export interface ProxyCounts {
  /** Connections that clients made. */
  readonly accepted: number
  /** Those of them that were refused. */
  readonly refused: number
  /** Connections whose two sockets aren't both closed. */
  readonly open: number
  readonly up: Readonly<Tally>
  readonly down: Readonly<Tally>
}

/** A line between clients and a server that can be made bad while it is in use. */
export interface FaultyProxy extends AsyncDisposable {
  /** What clients connect to, on 127.0.0.1. */
  readonly port: number
  readonly counts: ProxyCounts
  /** Changes the line at once, for open connections too. */
  change(change: ProxyChange): void
  /** Takes every fault away. What stalled arrives; a connection that lost bytes stays a hole. */
  heal(): void
  /** Resets every open connection, on both sides. */
  cut(): void
  /** Ends one way of every open connection in good order; the other way stays open. */
  end(way: Way): void
  /** Resets what is open and stops listening; resolves when nothing is left. Closing twice is fine. */
  close(): Promise<void>
}
