import { DurableKeys } from './durable-keys.ts'
import type { Network } from './network.ts'
import { ServerProcess, type ServerProcessOptions } from './server-process.ts'

export interface FleetOptions extends Omit<ServerProcessOptions, 'isCalm' | 'keys'> {
  readonly network: Network
  /** A process has ended, and what it knew is gone. */
  processEnded(process: number): void
  /** A process has thrown a principal out. */
  revoked(process: number, principal: string): void
}

/** The processes behind a balancer: each of them is replaced by another one sooner or later. */
export class Fleet {
  readonly #options: FleetOptions
  readonly #keys: DurableKeys | undefined
  readonly #processes: ServerProcess[] = []
  readonly #listening = new Set<ServerProcess>()
  #isCalm = false

  constructor(options: FleetOptions) {
    this.#options = options
    this.#keys = options.conditions.keys === 'durable' ? new DurableKeys() : undefined
  }

  /** Every process there was; the index is its number. */
  get processes(): readonly ServerProcess[] {
    return this.#processes
  }

  /** Those that take connections. */
  get listening(): readonly ServerProcess[] {
    return [...this.#listening]
  }

  /** Starts as many processes as are missing. */
  start(): void {
    const staying = this.listening.filter(({ isLeaving }) => !isLeaving).length
    for (let missing = this.#options.conditions.servers - staying; missing > 0; missing--) this.#startOne()
  }

  stop(process: ServerProcess): void {
    if (!this.#leave(process)) return
    process.stop()
    this.#options.processEnded(process.number)
  }

  /** As SIGKILL does. */
  kill(process: ServerProcess): void {
    if (!this.#leave(process)) return
    process.kill()
    this.#options.processEnded(process.number)
  }

  /** Lets a process go away without losing anything; resolves when it has stopped. */
  async drain(process: ServerProcess, windowMs: number, deadlineMs: number): Promise<void> {
    if (process.isLeaving || !this.#listening.has(process)) return
    await process.drain(windowMs, deadlineMs)
    this.stop(process)
  }

  revoke(process: ServerProcess, principal: string): void {
    this.#options.revoked(process.number, principal)
    process.revoke(principal)
  }

  stopAll(): void {
    for (const process of this.listening) this.stop(process)
  }

  /** From now on `authenticate` accepts everybody. */
  calm(): void {
    this.#isCalm = true
  }

  #startOne(): void {
    const isCalm = () => this.#isCalm
    const started = new ServerProcess(this.#processes.length, { ...this.#options, keys: this.#keys, isCalm })
    this.#options.trace?.(`${started.node} starts`)
    this.#processes.push(started)
    this.#listening.add(started)
    this.#options.network.listen(started)
  }

  #leave(process: ServerProcess): boolean {
    this.#options.network.leave(process)
    return this.#listening.delete(process)
  }
}
