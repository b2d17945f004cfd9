import { Queue, type Socket, type SocketListener } from '@hotline/core/internal'
import type { Carrier } from './carrier.ts'
import type { InLine, Turns } from './turns.ts'

type Listener = SocketListener & Pick<Carrier, 'end'>

/** Tells a connection what its socket says, in order, when there is time for it; until then the socket isn't read further. */
export class InTurn implements SocketListener, InLine {
  readonly #turns: Turns
  readonly #socket: Pick<Socket, 'pauseReading'>
  readonly #listener: Listener
  /** Made by the first that waits. */
  #events: Queue<() => void> | undefined

  constructor(turns: Turns, socket: Pick<Socket, 'pauseReading'>, listener: Listener) {
    this.#turns = turns
    this.#socket = socket
    this.#listener = listener
  }

  /** Whether something waits for its turn. */
  get isWaiting(): boolean {
    return this.#events !== undefined && this.#events.size > 0
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

  /** What the client has begun to send was not finished within this time. Many may be late at once: each in a turn of its own. */
  late(timeoutMs: number): void {
    this.#turns.wait({
      step: () => {
        this.#listener.end('SILENT', `A WebSocket message was not finished within ${timeoutMs} ms.`)
        return false
      },
    })
  }

  step(): boolean {
    this.#events?.shift()?.()
    if (this.isWaiting) return true
    this.#socket.pauseReading(false)
    return false
  }

  get #mayTell(): boolean {
    return !this.isWaiting && this.#turns.mayGoOn
  }

  #later(event: () => void): void {
    this.#events ??= new Queue()
    this.#events.push(event)
    if (this.#events.size > 1) return
    this.#socket.pauseReading(true)
    this.#turns.wait(this)
  }
}
