import type { SimulatedEnvironment } from './simulated-environment.ts'

/** Resolves after `delayMs` of a process; rejects with the signal's reason when that aborts, and leaves nothing behind. */
export function sleep(environment: SimulatedEnvironment, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = environment.setTimer(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
