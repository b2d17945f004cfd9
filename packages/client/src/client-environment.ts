import { type Environment, PROTOCOL_LIMITS } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The real clock and chance; what one turn of the application's code calls leaves together. */
export function clientEnvironment(): Environment {
  return {
    now: () => performance.now(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, PROTOCOL_LIMITS.durationMs))
      return () => clearTimeout(timer)
    },
    defer: deferrer(),
    random: Math.random,
    newId: nanoid,
  }
}

/** Node's turn behind the reading of sockets; in a browser the microtask, which must be called as a plain function. */
function deferrer(): (callback: () => void) => void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
  return setImmediate === undefined ? (callback) => queueMicrotask(callback) : (callback) => setImmediate(callback)
}
