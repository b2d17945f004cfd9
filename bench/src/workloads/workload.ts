import type { ClientEnd, Task } from '../contender.ts'

/** Work that every contender does alike, in the client's process. */
export interface Workload {
  readonly title: string
  /** What an operation is; the figures are per one of them. */
  readonly unit: 'call' | 'event' | 'client'
  readonly connections: number
  /** Operations of one round, and what their number is a multiple of. */
  readonly operations: number
  readonly grain?: number
  readonly task?: Partial<Task>
  /** One contender after the other instead of in turns: all at once wouldn't fit into the machine. */
  readonly isApart?: boolean
  /** Once, before the first round. */
  prepare?(ends: readonly ClientEnd[]): Promise<void>
  /** Does `operations` of them, checks every answer, and gives the latencies that a caller saw, in milliseconds. */
  run(ends: readonly ClientEnd[], operations: number, place: Place): Promise<Float64Array>
}

/** What a client's process can do beside using the ends it has. */
export interface Place {
  /** One end more. */
  connect(): Promise<ClientEnd>
  /** Resets every connection that the server's process has, as a proxy that dies does. */
  cutAll(): Promise<void>
}

export const NO_TASK: Task = { procedures: 0, dates: false }
