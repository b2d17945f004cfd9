import { Random } from '../simulator/random.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { type Input, shown } from './input.ts'

/** A stretch in which the event loop did nothing else, and the input that it began with. */
export interface Block {
  readonly ms: number
  /** Counted from 1 within its round. */
  readonly execution: number
  readonly input: string
}

/** What a round has shown. */
export interface RoundReport {
  readonly target: string
  readonly seed: number
  readonly executions: number
  /** What must not happen and did, each with the input that came before. */
  readonly crashes: readonly Crash[]
  readonly longest: Block | undefined
}

export interface Crash {
  readonly what: string
  readonly input: string
}

export interface RoundOptions {
  /** Gets a line for each thing that happens. */
  readonly trace?: ((line: string) => void) | undefined
}

/** Things that one input may set off in its own moment; who does more never comes to rest. */
const MAX_STEPS = 100_000

/** One run of a target, all of it chosen by a seed: hands inputs in, times them, and writes down what breaks. */
export class Round {
  readonly random: Random
  readonly clock: VirtualClock
  readonly trace: ((line: string) => void) | undefined
  readonly #crashes: Crash[] = []
  #executions = 0
  #input: Input = ''
  #since = 0
  #longest: { readonly ms: number; readonly execution: number; readonly input: Input } | undefined

  constructor(seed: number, { trace }: RoundOptions = {}) {
    this.random = new Random(seed)
    this.clock = new VirtualClock((error) => this.crash(`a timer threw: ${textOf(error)}`))
    this.trace = trace
  }

  get hasCrashed(): boolean {
    return this.#crashes.length > 0
  }

  /** Hands one input to an entry point, which may not throw. */
  give(input: Input, take: () => void): void {
    this.#executions++
    this.#input = input
    this.trace?.(`input ${this.#executions}: ${shown(input)}`)
    this.#since = performance.now()
    try {
      take()
    } catch (error) {
      this.crash(`an exception came out: ${textOf(error)}`)
    }
    this.#lap()
  }

  /** Everything that the inputs have set off happens; no time passes. */
  async settle(): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      await new Promise(setImmediate)
      this.#lap()
      this.#since = performance.now()
      if (!this.clock.step(this.clock.now())) return
    }
    this.crash(`${MAX_STEPS} things happened in one moment, and there is no end to it`)
  }

  /** Time goes by, with everything that is due in it. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms
    this.trace?.(`${ms} ms pass`)
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      this.#since = performance.now()
      const isOver = !this.clock.step(until)
      await new Promise(setImmediate)
      this.#lap()
      if (isOver) return
    }
    this.crash(`more than ${MAX_STEPS} things happened in ${ms} ms`)
  }

  crash(what: string): void {
    this.trace?.(`CRASH ${what}`)
    this.#crashes.push({ what, input: shown(this.#input) })
  }

  report(target: string, seed: number): RoundReport {
    const longest = this.#longest === undefined ? undefined : { ...this.#longest, input: shown(this.#longest.input) }
    return { target, seed, executions: this.#executions, crashes: this.#crashes, longest }
  }

  #lap(): void {
    const ms = performance.now() - this.#since
    if (ms > (this.#longest?.ms ?? 0)) this.#longest = { ms, execution: this.#executions, input: this.#input }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
}
