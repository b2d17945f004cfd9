import type { ClientEnd } from '../contender.ts'

/** Work that every contender does alike: in the client's process, on connections that are open. */
export interface Workload {
  readonly title: string
  /** What an operation is; the figures are per one of them. */
  readonly unit: 'call' | 'event'
  readonly connections: number
  /** Operations of one round, about half a second of hand-written ws. */
  readonly operations: number
  /** Once, before the first round. */
  prepare?(ends: readonly ClientEnd[]): Promise<void>
  /** Does `operations` of them, checks every answer, and gives the latencies that a caller saw, in milliseconds. */
  run(ends: readonly ClientEnd[], operations: number): Promise<Float64Array>
}
