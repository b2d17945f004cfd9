import { CONTENDERS, type ContenderName } from '../contenders/contenders.ts'
import type { ClientCommands, Memory, Ports, Round, ServerCommands, Usage } from '../processes/commands.ts'
import { NO_TASK } from '../workloads/workload.ts'
import { workloadOf } from '../workloads/workloads.ts'
import { PinnedProcess } from './pinned-process.ts'
import type { Profiles } from './profiles.ts'

/** One round with the CPU of both ends. */
export interface Measured extends Round {
  readonly operations: number
  readonly serverCpuMicros: number
}

/** The most memory that both ends had resident, in bytes. */
export interface Peaks {
  readonly server: number
  readonly client: number
}

/** A contender's two processes. */
export class Pair {
  readonly contender: ContenderName
  readonly #server: PinnedProcess<ServerCommands>
  readonly #client: PinnedProcess<ClientCommands>
  #ports: Ports | undefined

  /** `profiles` are the files that the CPU profiles of both ends are written to, if they are wanted; `serverFlags` are Node's. */
  constructor(contender: ContenderName, profiles: Profiles | undefined, serverFlags: readonly string[] = []) {
    this.contender = contender
    const { file } = CONTENDERS[contender]
    const server = { contender: file, core: 0, profileTo: profiles?.server, flags: serverFlags }
    this.#server = new PinnedProcess('processes/server.js', server)
    const client = { contender: file, core: 1, profileTo: profiles?.client, flags: [] }
    this.#client = new PinnedProcess('processes/client.js', client)
  }

  /** Connects the clients of a workload; those of one before stay as they are. */
  async connect(workload: string): Promise<void> {
    this.#ports ??= await this.#server.ask('listen', { ...NO_TASK, ...workloadOf(workload).task })
    await this.#client.ask('connect', { ports: this.#ports, workload })
  }

  async run(operations: number): Promise<Measured> {
    const before = await this.#server.ask('usage', undefined)
    const round = await this.#client.ask('run', operations)
    const after = await this.#server.ask('usage', undefined)
    return { ...round, operations, serverCpuMicros: after.cpuMicros - before.cpuMicros }
  }

  serverMemory(): Promise<Memory> {
    return this.#server.ask('memory', undefined)
  }

  async peaks(): Promise<Peaks> {
    const peak = ({ peakBytes }: Usage) => peakBytes
    return {
      server: peak(await this.#server.ask('usage', undefined)),
      client: peak(await this.#client.ask('usage', undefined)),
    }
  }

  async stop(): Promise<void> {
    await this.#client.stop()
    await this.#server.stop()
  }
}
