import { type Environment, PROTOCOL_LIMITS } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The real clock and chance; what one turn of the application's code calls leaves together. */
export function clientEnvironment(): Environment {
  // Node's turn behind the reading of sockets; in a browser the microtask. Either must be called as a plain function.
  const { setImmediate: later = queueMicrotask } = globalThis as { setImmediate?: (callback: () => void) => void }
  return {
    now: () => performance.now(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, PROTOCOL_LIMITS.durationMs))
      return () => clearTimeout(timer)
    },
    defer: (callback) => later(callback),
    random: Math.random,
    newId: nanoid,
  }
}
