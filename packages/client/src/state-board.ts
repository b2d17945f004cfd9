import { type ClientState, isolate } from '@hotline/core/internal'
import { type ConnectionState, visibleState } from './connection-state.ts'

/** Shows the application where the connection is, and tells who asked to be told. */
export class StateBoard {
  readonly #listeners = new Set<() => void>()
  #state: ConnectionState

  constructor(first: ClientState) {
    this.#state = visibleState(first, 0)
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** @throws TypeError for what can't be called: the next change would end the program. */
  subscribe(listener: () => void): () => void {
    if (typeof listener !== 'function') throw new TypeError(`A listener is a function, and not ${String(listener)}.`)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** `epoch` is `Date.now()` when the machine's clock was at 0. */
  show(state: ClientState, epoch: number): void {
    this.#state = visibleState(state, epoch)
    for (const listener of [...this.#listeners]) isolate(listener)
  }
}
