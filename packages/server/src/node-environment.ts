import { type Environment, PROTOCOL_LIMITS } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The real clock, chance, and the turn of the event loop that follows the reading of sockets. */
export function nodeEnvironment(): Environment {
  return {
    now: () => performance.now(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, PROTOCOL_LIMITS.durationMs))
      return () => clearTimeout(timer)
    },
    defer: afterReading(),
    random: Math.random,
    newId: nanoid,
  }
}

/** All that became due while sockets were read runs together, in one turn: what they produced leaves in one frame each. */
function afterReading(): (callback: () => void) => void {
  let due: (() => void)[] = []
  const runAll = () => {
    const now = due
    due = []
    for (const callback of now) callback()
  }
  return (callback) => {
    if (due.push(callback) === 1) setImmediate(runAll)
  }
}
