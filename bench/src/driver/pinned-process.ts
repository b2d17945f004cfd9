import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Commands } from '../processes/commands.ts'

export interface ProcessOptions {
  /** The built file of its contender, seen from the folder of the built programs. */
  readonly contender: string
  /** The core that it runs on, where the system can pin. */
  readonly core: number
  /** The file that its CPU profile is written to; none without it. */
  readonly profileTo: string | undefined
  /** Of Node. */
  readonly flags: readonly string[]
}

/** Longer than anything takes that comes to an end. */
const ANSWER_MS = 120_000

/** A process of the bench that answers commands. */
export class PinnedProcess<Table extends Commands<Table>> {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  /** `file` stands in dist beside the driver. */
  constructor(file: 'processes/server.js' | 'processes/client.js', options: ProcessOptions) {
    const node = [process.execPath, ...options.flags, ...profileFlags(options)]
    const [execPath = '', ...execArgv] = canPin ? ['taskset', '-c', String(options.core), ...node] : node
    const env = { ...process.env, NODE_ENV: 'production' }
    this.#child = fork(pathOf(file), [pathOf(options.contender)], { execPath, execArgv, env })
    this.#ended = once(this.#child, 'exit')
    // What is sent to a process that is gone fails here, too; `ask` says so by itself.
    this.#child.on('error', () => {})
  }

  /** One command at a time. Rejects where the process ends instead of answering, or doesn't answer for two minutes. */
  async ask<Name extends keyof Table & string>(name: Name, ask: Table[Name]['ask']): Promise<Table[Name]['reply']> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), ANSWER_MS)
    this.#child.send({ name, ask })
    const replied = once(this.#child, 'message', late).then(([message]) => message as { reply: Table[Name]['reply'] })
    const ended = this.#ended.then(() => Promise.reject(new Error(`The process ended while it did "${name}".`)))
    try {
      return (await Promise.race([replied, ended])).reply
    } catch (error) {
      throw late.signal.aborted ? new Error(`There was no answer to "${name}" for ${ANSWER_MS / 1_000} s.`) : error
    } finally {
      clearTimeout(timer)
      late.abort()
      replied.catch(() => {})
      ended.catch(() => {})
    }
  }

  /** It leaves by itself when it is told that the driver is gone, and is ended where it is too busy to hear that. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), LEAVING_MS)
    await this.#ended
    clearTimeout(timer)
  }
}

const LEAVING_MS = 10_000

/** Whether each process can have a core of its own. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

function profileFlags({ profileTo }: ProcessOptions): string[] {
  if (profileTo === undefined) return []
  return ['--cpu-prof', `--cpu-prof-dir=${dirname(profileTo)}`, `--cpu-prof-name=${basename(profileTo)}`]
}
