import type { Task } from '../contender.ts'

/** What the driver asks of a server's process, and what comes back. */
export interface ServerCommands {
  listen: { ask: Task; reply: Ports }
  usage: { ask: undefined; reply: Usage }
  /** What is held once all garbage is gone, in bytes. */
  memory: { ask: undefined; reply: Memory }
}

/** The same for a client's process. */
export interface ClientCommands {
  connect: { ask: { readonly ports: Ports; readonly workload: string }; reply: undefined }
  run: { ask: number; reply: Round }
  usage: { ask: undefined; reply: Usage }
}

export interface Ports {
  readonly port: number
  /** Whoever connects here has all connections of `port` cut. */
  readonly controlPort: number
}

/** What a process has used since it began. */
export interface Usage {
  /** In user and kernel, of all its threads. */
  readonly cpuMicros: number
  /** The most memory that it ever had resident. */
  readonly peakBytes: number
}

export interface Memory {
  /** JavaScript's heap, and what it holds outside: buffers and the like. */
  readonly heapBytes: number
  readonly residentBytes: number
}

/** One round as the client's process saw it. */
export interface Round {
  readonly elapsedMs: number
  readonly cpuMicros: number
  /** `undefined` where a workload has no latencies. */
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
}

/** What a table of commands has to look like. */
export type Commands<Table> = { readonly [Name in keyof Table]: { ask: unknown; reply: unknown } }

/** What a process does on each command. */
export type Handlers<Table extends Commands<Table>> = {
  readonly [Name in keyof Table]: (ask: Table[Name]['ask']) => Promise<Table[Name]['reply']> | Table[Name]['reply']
}
