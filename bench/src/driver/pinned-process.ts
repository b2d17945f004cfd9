import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Commands } from '../processes/commands.ts'

export interface ProcessOptions {
  /** The core that it runs on, where the system can pin. */
  readonly core: number
  /** A folder for CPU profiles; none without it. */
  readonly profileTo: string | undefined
}

/** A process of the bench that answers commands. */
export class PinnedProcess<Table extends Commands<Table>> {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  /** `file` stands in dist beside the driver. */
  constructor(file: 'processes/server.js' | 'processes/client.js', contender: string, options: ProcessOptions) {
    const node = [process.execPath, ...profileFlags(options)]
    const [execPath = '', ...execArgv] = canPin ? ['taskset', '-c', String(options.core), ...node] : node
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), [contender], { execPath, execArgv })
    this.#ended = once(this.#child, 'exit')
  }

  /** One command at a time. Rejects where the process ends instead of answering. */
  async ask<Name extends keyof Table & string>(name: Name, ask: Table[Name]['ask']): Promise<Table[Name]['reply']> {
    this.#child.send({ name, ask })
    const replied = once(this.#child, 'message').then(([message]) => message as { reply: Table[Name]['reply'] })
    const ended = this.#ended.then(() => Promise.reject(new Error(`The process ended while it did "${name}".`)))
    return (await Promise.race([replied, ended])).reply
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await this.#ended
  }
}

/** Whether each process can have a core of its own. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

function profileFlags({ profileTo }: ProcessOptions): string[] {
  return profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]
}
