interface Waiting {
  readonly tells: Set<() => void>
  /** The one listener of the signal. */
  listener(): void
}

/** Who waits for which signal, from whatever caller: it may have been given to many. */
const waiting = /* @__PURE__ */ new WeakMap<AbortSignal, Waiting>()

/**
 * Calls `tell`, which doesn't throw, when the signal aborts. Gives the undo. However many wait, the signal has one listener:
 * an application may give it to thousands of calls, and whenever a listener comes or goes it looks through all of them. Node
 * takes more than ten for a leak, and says so.
 */
export function onAbort(signal: AbortSignal, tell: () => void): () => void {
  const { tells, listener } = waiting.get(signal) ?? listen(signal)
  tells.add(tell)
  return () => {
    if (!tells.delete(tell) || tells.size > 0) return
    signal.removeEventListener('abort', listener)
    waiting.delete(signal)
  }
}

function listen(signal: AbortSignal): Waiting {
  const tells = new Set<() => void>()
  const listener = () => tells.forEach((tell) => void tell())
  const entry = { tells, listener }
  signal.addEventListener('abort', listener, { once: true })
  waiting.set(signal, entry)
  return entry
}
