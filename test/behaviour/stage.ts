import { connectionOf } from '@hotline/client'
import type { Client } from '@hotline/core'
import type { CommonOptions, ServerFailure } from '@hotline/server'
import { expect, vi } from 'vitest'
import type { Adapter, Running } from './adapter.ts'
import { type BehaviourApi, behaviourRouter, Witness } from './behaviour-router.ts'

type Context = { readonly user: string }

/** A server with its handlers' witness, and whatever clients a test makes; all of it is gone after the test. */
export class Stage implements AsyncDisposable {
  readonly witness: Witness
  readonly failures: ServerFailure[]
  readonly #server: Running<BehaviourApi>
  readonly #clients: object[] = []

  constructor(server: Running<BehaviourApi>, witness: Witness, failures: ServerFailure[]) {
    this.#server = server
    this.witness = witness
    this.failures = failures
  }

  get server(): Running<BehaviourApi> {
    return this.#server
  }

  /** A client that doesn't wait between two attempts, since tests have no time for it. */
  connect(options?: Parameters<Running<BehaviourApi>['connect']>[0]): Client<BehaviourApi> {
    const client = this.#server.connect(options)
    this.#clients.push(client)
    const connection = connectionOf(client)
    connection.subscribe(() => {
      if (connection.state.name === 'waiting')
        setImmediate(() => connection.state.name === 'waiting' && connection.connect())
    })
    return client
  }

  /** Closes everything, and shows that nothing is left on the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) connectionOf(client).close()
    this.witness.release()
    await this.#server.stop()
    expect(this.#server.size).toBe(0)
  }
}

export async function stage(adapter: Adapter, options: CommonOptions<Context> = {}): Promise<Stage> {
  const witness = new Witness()
  const failures: ServerFailure[] = []
  const server = await adapter.start<BehaviourApi, Context>(behaviourRouter(witness), {
    authenticate: ({ auth }) => ({ context: { user: String(auth) } }),
    logger: SILENT,
    onError: (failure) => failures.push(failure),
    ...options,
  })
  return new Stage(server, witness, failures)
}

/** Waits until `expectation` holds. */
export function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { interval: 2, timeout: 5_000 })
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
