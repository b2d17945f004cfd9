import type { AskPlan } from './ask.ts'

/** The process that a handler runs in, as far as handlers know it. */
export interface HandlerWorld {
  readonly process: number
  now(): number
  /** Resolves after `delayMs`; rejects with the signal's reason when that aborts, and leaves nothing behind. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
  /** Whom `authenticate` made this context for; `undefined` for nobody, or somebody who was thrown out since. */
  callerOf(context: object): string | undefined
  /** Asks the client that `client` calls, and writes down what comes of it. */
  ask(plan: AskPlan, client: unknown): Promise<void>
}
