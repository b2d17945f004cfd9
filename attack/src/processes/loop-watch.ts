/** The longest stretches in which the event loop came to nothing else. */
export interface BlockReport {
  /** As a clock on the wall has it. */
  readonly wallMs: number
  /** CPU that the process used in such a stretch, at most the stretch itself: one that had to wait for a core used none. */
  readonly cpuMs: number
}

const INTERVAL_MS = 5

/** A ticker that notices when it is late. */
export class LoopWatch {
  readonly #timer = setInterval(() => this.#tick(), INTERVAL_MS)
  #last = performance.now()
  #lastCpu = process.cpuUsage()
  #wallMs = 0
  #cpuMs = 0

  /** What happened since the last tick was our own doing, not the attack's. */
  skip(): void {
    this.#last = performance.now()
    this.#lastCpu = process.cpuUsage()
  }

  /** Gives what was seen, and begins anew. */
  take(): BlockReport {
    const report = { wallMs: this.#wallMs, cpuMs: this.#cpuMs }
    this.#wallMs = 0
    this.#cpuMs = 0
    this.skip()
    return report
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = performance.now()
    const lateMs = now - this.#last - INTERVAL_MS
    const { user, system } = process.cpuUsage(this.#lastCpu)
    this.#wallMs = Math.max(this.#wallMs, lateMs)
    this.#cpuMs = Math.max(this.#cpuMs, Math.min(lateMs, (user + system) / 1_000))
    this.skip()
  }
}
