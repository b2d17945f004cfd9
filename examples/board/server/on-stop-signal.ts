import { constants } from 'node:os'

/** Under npm a Ctrl-C comes more than once: from the terminal, and handed on by npm. Within this time it is the same one. */
const SAME_SIGNAL_MS = 500

/** As much of `process` as is needed. */
interface Host {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): unknown
}

/** Calls `stop` at the first SIGINT or SIGTERM. Whoever sends another one doesn't want to wait: the process exits at once. */
export function onStopSignal(stop: () => Promise<void>, host: Host = process): void {
  let stoppedAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now()
        void stop()
      } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) {
        host.exit(128 + constants.signals[signal])
      }
    })
  }
}
