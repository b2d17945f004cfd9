import { type ConnectionState, connectionOf } from '@hotline/client'
import { useMemo, useSyncExternalStore } from 'react'
import { isServer } from './is-server.ts'

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
  /** How long the server had taken to answer when the rest of this last changed. */
  readonly rttMs: number | undefined
  /** Whether the browser says that there is no network. What it doesn't notice, `name` does. */
  readonly offline: boolean
  /** Tries now, instead of at `nextRetryAt`. */
  readonly retryNow: () => void
}

/** What is shown of a state, which has it or hasn't. */
interface Shown {
  readonly name: ConnectionState['name']
  readonly attempt?: number
  readonly retryAt?: number
  readonly reason?: string
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
  return useSyncExternalStore(line.subscribe, line.look, line.idle)
}

function lineOf(api: object) {
  const connection = isServer() ? undefined : connectionOf(api)
  const retryNow = () => connection?.connect()
  let state = IDLE
  const idle = infoOf(false)
  let info = idle
  return {
    idle: () => idle,

    look() {
      const before = state
      state = connection?.state ?? IDLE
      // Where there is no browser's word, there is nothing to doubt.
      const offline = navigator.onLine === false
      if (state !== before || offline !== info.offline) info = infoOf(offline)
      return info
    },

    subscribe(listener: () => void) {
      const undo = connection?.subscribe(listener)
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        undo?.()
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
  }

  function infoOf(offline: boolean): ConnectionInfo {
    const { name, attempt = 0, retryAt, reason }: Shown = state
    return {
      name,
      attempt,
      nextRetryAt: Number.isFinite(retryAt) ? retryAt : undefined,
      reason,
      rttMs: state === IDLE ? undefined : connection?.stats().rttMs,
      offline,
      retryNow,
    }
  }
}
