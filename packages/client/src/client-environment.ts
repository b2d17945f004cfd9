import type { Environment } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The real clock and chance; what one turn of the application's code calls leaves together. */
export function clientEnvironment(): Environment {
  return {
    now: () => performance.now(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS))
      return () => clearTimeout(timer)
    },
    defer: (globalThis as { setImmediate?: (callback: () => void) => void }).setImmediate ?? queueMicrotask,
    random: Math.random,
    newId: nanoid,
  }
}

/** Longer delays overflow in `setTimeout` and fire at once. */
const MAX_DELAY_MS = 2_147_483_647
