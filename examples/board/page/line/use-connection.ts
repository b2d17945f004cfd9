import type { ConnectionState } from '@hotline/client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useLine } from './line.ts'

/** The connection's state, as it is right now. */
export function useConnection(): ConnectionState {
  const { connection } = useLine()
  return useSyncExternalStore(connection.subscribe, () => connection.state)
}

/** Whole seconds until `time`, counting down; at least 0. */
export function useSecondsUntil(time: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((time - now) / 1000))
}
