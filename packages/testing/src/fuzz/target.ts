import type { Round } from './round.ts'

/** Something that takes what strangers send. */
export interface Target {
  readonly name: string
  /** One round, all of it chosen by the round's seed. What must not happen is told to the round. */
  run(round: Round): Promise<void>
}
