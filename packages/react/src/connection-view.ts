import { type Connection, type ConnectionState, connectionOf } from '@hotline/client'

/** The line to the server, for people to see. A new object at each change. */
export interface ConnectionInfo {
  /** What it is doing: `connectionOf(api).state.name`. */
  readonly name: ConnectionState['name']
  /** Failed attempts since the last that held: 0 while all is well. */
  readonly attempt: number
  /** When the next attempt begins, as `Date.now()` counts; `undefined` while none is due. */
  readonly nextRetryAt: number | undefined
  /** Why the line is down. */
  readonly reason: string | undefined
  /** How long the server took to answer when it was last asked. */
  readonly rttMs: number | undefined
  /** Whether the browser says that there is no network. What it doesn't notice, `name` does. */
  readonly offline: boolean
  /** Tries now, instead of at `nextRetryAt`. */
  readonly retryNow: () => void
}

/** What a server shows that renders: it has no line, and the page hasn't one yet either. */
export const NO_LINE: ConnectionInfo = Object.freeze({
  name: 'idle',
  attempt: 0,
  nextRetryAt: undefined,
  reason: undefined,
  rttMs: undefined,
  offline: false,
  retryNow: () => {},
})

/** A client's connection and the browser's word on the network, as React's `useSyncExternalStore` wants them. */
export class ConnectionView {
  readonly #connection: Connection
  readonly #retryNow: () => void
  #seen: { readonly state: ConnectionState; readonly info: ConnectionInfo } | undefined

  constructor(api: object) {
    this.#connection = connectionOf(api)
    this.#retryNow = () => this.#connection.connect()
  }

  readonly snapshot = (): ConnectionInfo => {
    const { state } = this.#connection
    const offline = isOffline()
    if (this.#seen?.state === state && this.#seen.info.offline === offline) return this.#seen.info
    const { rttMs } = this.#connection.stats()
    const info: ConnectionInfo = {
      name: state.name,
      attempt: 'attempt' in state ? state.attempt : 0,
      nextRetryAt: state.name === 'waiting' && Number.isFinite(state.retryAt) ? state.retryAt : undefined,
      reason: 'reason' in state ? state.reason : undefined,
      rttMs,
      offline,
      retryNow: this.#retryNow,
    }
    this.#seen = { state, info }
    return info
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const undo = this.#connection.subscribe(listener)
    addEventListener('online', listener)
    addEventListener('offline', listener)
    return () => {
      undo()
      removeEventListener('online', listener)
      removeEventListener('offline', listener)
    }
  }
}

/** Where there is no browser's word, there is nothing to doubt. */
function isOffline(): boolean {
  return navigator.onLine === false
}
