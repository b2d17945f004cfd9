import { Queue, type Socket, type SocketListener } from '@hotline/core/internal'
import type { InLine, Turns } from './turns.ts'

/** Tells a connection what its socket says, in order, when there is time for it; until then the socket isn't read further. */
export class InTurn implements SocketListener, InLine {
  readonly #turns: Turns
  readonly #socket: Pick<Socket, 'pauseReading'>
  readonly #listener: SocketListener
  readonly #events = new Queue<() => void>()

  constructor(turns: Turns, socket: Pick<Socket, 'pauseReading'>, listener: SocketListener) {
    this.#turns = turns
    this.#socket = socket
    this.#listener = listener
  }

  /** Whether something waits for its turn. */
  get isWaiting(): boolean {
    return this.#events.size > 0
  }

  message(frame: string | Uint8Array): void {
    if (this.#mayTell) this.#listener.message(frame)
    else this.#later(() => this.#listener.message(frame))
  }

  controlFrame(): void {
    if (this.#mayTell) this.#listener.controlFrame?.()
    else this.#later(() => this.#listener.controlFrame?.())
  }

  closed(code: number, reason: string): void {
    if (this.isWaiting) this.#later(() => this.#listener.closed(code, reason))
    else this.#listener.closed(code, reason)
  }

  step(): boolean {
    this.#events.shift()?.()
    if (this.isWaiting) return true
    this.#socket.pauseReading(false)
    return false
  }

  get #mayTell(): boolean {
    return !this.isWaiting && this.#turns.mayGoOn
  }

  #later(event: () => void): void {
    this.#events.push(event)
    if (this.#events.size > 1) return
    this.#socket.pauseReading(true)
    this.#turns.wait(this)
  }
}
