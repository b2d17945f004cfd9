import { type Environment, PROTOCOL_LIMITS, Queue } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The real clock, chance, and the turn of the event loop that follows the reading of sockets. */
export function nodeEnvironment(): Environment {
  return {
    // Whole numbers are kept where they stand; each other one in an object of its own.
    now: () => Math.floor(performance.now()),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, PROTOCOL_LIMITS.durationMs))
      return () => clearTimeout(timer)
    },
    defer: afterReading(),
    random: Math.random,
    newId: nanoid,
  }
}

/** How long one turn of the event loop may go on with it, in milliseconds. */
const TURN_MS = 10

/**
 * All that became due while sockets were read runs together, in one turn: what they produced leaves in one frame each. What
 * would take too long goes on in the next.
 */
function afterReading(): (callback: () => void) => void {
  const due = new Queue<() => void>()
  const runAll = () => {
    const endsAt = performance.now() + TURN_MS
    try {
      // What becomes due meanwhile is for the next turn.
      for (let left = due.size; left > 0 && performance.now() < endsAt; left--) due.shift()?.()
    } finally {
      if (due.size > 0) setImmediate(runAll)
      else isPlanned = false
    }
  }
  let isPlanned = false
  return (callback) => {
    due.push(callback)
    if (!isPlanned) setImmediate(runAll)
    isPlanned = true
  }
}
