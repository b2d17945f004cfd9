import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Commands } from '../processes/answer-commands.ts'

/** A process that answers commands. */
export class Child<Table extends Commands> {
  readonly #name: string
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  /** `name` is that of a file in dist/processes. */
  constructor(name: 'server' | 'attacker' | 'client' | 'bystander') {
    this.#name = name
    const file = fileURLToPath(new URL(`processes/${name}.js`, import.meta.url))
    this.#child = fork(file, { execArgv: ['--expose-gc'], serialization: 'advanced' })
    this.#ended = once(this.#child, 'exit')
  }

  /** One command at a time. Rejects where the process ends instead of answering. */
  async ask<Name extends keyof Table & string>(
    name: Name,
    ...[ask]: Parameters<Table[Name]>
  ): Promise<Awaited<ReturnType<Table[Name]>>> {
    this.#child.send({ name, ask })
    const replied = once(this.#child, 'message').then(([message]) => (message as { readonly reply: never }).reply)
    const ended = this.#ended.then(() => Promise.reject(new Error(`The ${this.#name} ended while it did "${name}".`)))
    return Promise.race([replied, ended])
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await this.#ended
  }
}
