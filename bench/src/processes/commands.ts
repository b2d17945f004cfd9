/** What the driver asks of a server's process, and what comes back. */
export interface ServerCommands {
  listen: { ask: undefined; reply: number }
  /** CPU that the process has used so far, in microseconds. */
  cpu: { ask: undefined; reply: number }
}

/** The same for a client's process. */
export interface ClientCommands {
  connect: { ask: { readonly port: number; readonly workload: string }; reply: undefined }
  run: { ask: number; reply: Round }
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
