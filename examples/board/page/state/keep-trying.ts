const PAUSE_MS = 2000

/**
 * Does `work` again and again until `signal` aborts, with a pause after a failure. It is for what ends although nobody
 * wanted it to: a cut line isn't such an end, for streams go on by themselves.
 */
export async function keepTrying(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch {
      if (!signal.aborted) await pause(signal)
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, PAUSE_MS)
    signal.addEventListener('abort', end)
  })
}
