import { type ConnectionState, connectionOf } from '@hotline/client'
import { useMemo, useSyncExternalStore } from 'react'
import { isServer } from './retry.ts'

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
const IDLE: ConnectionState = { name: 'idle' }

/**
 * The line of a client that `createClient` made. On a server that renders, where a caller stands in for the client, there
 * is none: it is `idle`.
 * @throws TypeError in a page for anything else than a client.
 */
export function useConnection(api: object): ConnectionInfo {
  const line = useMemo(() => lineOf(api), [api])
  const state = useSyncExternalStore(line.subscribe, line.state, () => IDLE)
  const offline = useSyncExternalStore(subscribeToNetwork, isOffline, () => false)
  return useMemo(
    () => ({
      name: state.name,
      attempt: 'attempt' in state ? state.attempt : 0,
      nextRetryAt: state.name === 'waiting' && Number.isFinite(state.retryAt) ? state.retryAt : undefined,
      reason: 'reason' in state ? state.reason : undefined,
      rttMs: state === IDLE ? undefined : line.rttMs(),
      offline,
      retryNow: line.connect,
    }),
    [line, state, offline],
  )
}

function lineOf(api: object) {
  const connection = isServer() ? undefined : connectionOf(api)
  return {
    subscribe: (listener: () => void) => connection?.subscribe(listener) ?? (() => {}),
    state: () => connection?.state ?? IDLE,
    rttMs: () => connection?.stats().rttMs,
    connect: () => connection?.connect(),
  }
}

function subscribeToNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

/** Where there is no browser's word, there is nothing to doubt. */
function isOffline(): boolean {
  return navigator.onLine === false
}
