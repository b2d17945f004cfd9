import { CONTENDER_NAMES, type ContenderName } from '../contenders/contenders.ts'
import type { ClientCommands, Round, ServerCommands } from '../processes/commands.ts'
import { WORKLOADS, type WorkloadName } from '../workloads/workloads.ts'
import { PinnedProcess } from './pinned-process.ts'

export interface RunOptions {
  readonly rounds: number
  /** Times the workload's own number of operations in each round. */
  readonly scale: number
  readonly profileTo: string | undefined
}

/** One round with the CPU of both ends. */
export interface Measured extends Round {
  readonly operations: number
  readonly serverCpuMicros: number
}

export type Results = ReadonlyMap<ContenderName, readonly Measured[]>

/** Runs a workload: fresh processes for each contender, a round to warm up, then rounds in which they take turns. */
export async function runWorkload(name: WorkloadName, options: RunOptions): Promise<Results> {
  const operations = WORKLOADS[name].operations * options.scale
  const pairs = CONTENDER_NAMES.map((contender) => new Pair(contender, options.profileTo))
  try {
    for (const pair of pairs) await pair.connect(name)
    for (const pair of pairs) await pair.run(operations)
    const results = new Map(pairs.map((pair) => [pair.contender, [] as Measured[]]))
    for (let round = 0; round < options.rounds; round++) {
      // Every other round the other way about: who comes first meets another machine.
      for (const pair of round % 2 === 0 ? pairs : pairs.toReversed()) {
        results.get(pair.contender)?.push(await pair.run(operations))
      }
    }
    return results
  } finally {
    await Promise.all(pairs.map((pair) => pair.stop()))
  }
}

/** A contender's two processes. */
class Pair {
  readonly contender: ContenderName
  readonly #server: PinnedProcess<ServerCommands>
  readonly #client: PinnedProcess<ClientCommands>

  constructor(contender: ContenderName, profileTo: string | undefined) {
    this.contender = contender
    this.#server = new PinnedProcess('processes/server.js', contender, { core: 0, profileTo })
    this.#client = new PinnedProcess('processes/client.js', contender, { core: 1, profileTo })
  }

  async connect(workload: WorkloadName): Promise<void> {
    await this.#client.ask('connect', { port: await this.#server.ask('listen', undefined), workload })
  }

  async run(operations: number): Promise<Measured> {
    const before = await this.#server.ask('cpu', undefined)
    const round = await this.#client.ask('run', operations)
    const serverCpuMicros = (await this.#server.ask('cpu', undefined)) - before
    return { ...round, operations, serverCpuMicros }
  }

  async stop(): Promise<void> {
    await this.#client.stop()
    await this.#server.stop()
  }
}
