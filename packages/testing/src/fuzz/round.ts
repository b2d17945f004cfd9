import { Random } from '../simulator/random.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { type Input, shown } from './input.ts'

/** What a round has shown. */
export interface RoundReport {
  readonly target: string
  readonly seed: number
  /** What was handed in, one after the other. */
  readonly inputs: readonly Input[]
  /** For how long each of them held up the event loop at most, in one turn. */
  readonly blockedMs: readonly number[]
  /** What must not happen and did, each with the input that came before. */
  readonly crashes: readonly Crash[]
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
  readonly #inputs: Input[] = []
  readonly #blockedMs: number[] = []
  #since = 0

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
    this.#inputs.push(input)
    this.#blockedMs.push(0)
    this.trace?.(`input ${this.#inputs.length}: ${shown(input)}`)
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
    // What the target has done with the inputs meanwhile isn't theirs.
    this.#since = performance.now()
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
    this.#crashes.push({ what, input: shown(this.#inputs.at(-1) ?? '') })
  }

  report(target: string, seed: number): RoundReport {
    return { target, seed, inputs: this.#inputs, blockedMs: this.#blockedMs, crashes: this.#crashes }
  }

  /** The turn is over: it belongs to the newest input. */
  #lap(): void {
    const newest = this.#blockedMs.length - 1
    const ms = performance.now() - this.#since
    if (newest >= 0 && ms > (this.#blockedMs[newest] ?? 0)) this.#blockedMs[newest] = ms
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
}
