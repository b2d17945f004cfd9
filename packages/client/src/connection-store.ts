import type { AnyClient } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { connectionOf } from './create-client.ts'
import type { Store } from './store.ts'

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
  /** How long the server had taken to answer when the rest of this last changed, in milliseconds. */
  readonly rttMs: number | undefined
  /** Whether the browser says that there is no network. What it doesn't notice, `name` does. */
  readonly offline: boolean
  /** Tries now, instead of at `nextRetryAt`. */
  readonly retryNow: () => void
}

export interface ConnectionStore extends Store<ConnectionInfo> {
  /** What is shown before anything is known: by a server that renders, and by its page until that is hydrated. */
  readonly idle: () => ConnectionInfo
}

/** What is shown of a state, which has it or hasn't. */
interface Shown {
  readonly name: ConnectionState['name']
  readonly attempt?: number
  readonly retryAt?: number
  readonly reason?: string
}

/** What nobody has called yet. */
const IDLE: ConnectionState = { name: 'idle' }

/**
 * The line of a client that `createClient` made, and whether there is a network, for a framework to follow: for React there
 * is `useConnection`. Without a client it stays `idle`: on a server that renders there is no line.
 * @throws TypeError for anything else than a client.
 */
export function connectionStore(api?: AnyClient): ConnectionStore {
  const connection = api && connectionOf(api)
  const page = globalThis as Page
  const retryNow = () => connection?.connect()
  let state = IDLE
  const idle = infoOf(false)
  let info = idle
  return {
    idle: () => idle,

    get() {
      const before = state
      state = connection?.state ?? IDLE
      // Where there is no browser's word, there is nothing to doubt.
      const offline = page.navigator?.onLine === false
      if (state !== before || offline !== info.offline) info = infoOf(offline)
      return info
    },

    subscribe(listener) {
      const undo = connection?.subscribe(listener)
      page.addEventListener?.('online', listener)
      page.addEventListener?.('offline', listener)
      return () => {
        undo?.()
        page.removeEventListener?.('online', listener)
        page.removeEventListener?.('offline', listener)
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

/** As much of a window as is used, where there is one. */
interface Page {
  readonly navigator?: { readonly onLine?: boolean }
  addEventListener?(name: string, listener: () => void): void
  removeEventListener?(name: string, listener: () => void): void
}
