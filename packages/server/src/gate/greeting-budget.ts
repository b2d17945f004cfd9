import type { Duplex } from 'node:stream'
import { PROTOCOL_LIMITS } from '@hotline/core/internal'

/** What WebSocket itself may add to the bytes of a greeting and what follows it: the headers of its frames. */
const HEADER_BYTES = 1_024

/** Of the greeting and what comes behind it. */
const GREETING_BYTES = PROTOCOL_LIMITS.greetingBytes + HEADER_BYTES

/**
 * Counts what a socket brings before somebody has vouched for it, where it arrives: a message that isn't whole yet
 * counts too, and nothing waits for its end. Once lifted it is gone from the socket, and costs nothing.
 */
export class GreetingBudget {
  readonly #socket: Duplex
  readonly #onSpent: (bytes: number) => void
  #bytes = 0
  #allowed = GREETING_BYTES

  /** `onSpent` is called at most once, before anybody else hears of the bytes that were too many. */
  constructor(socket: Duplex, onSpent: (bytes: number) => void) {
    this.#socket = socket
    this.#onSpent = onSpent
    socket.prependListener('data', this.#count)
  }

  /** The first greeting was refused: another may follow what is under way behind it. */
  renew(): void {
    this.#allowed = Math.min(this.#allowed, this.#bytes + GREETING_BYTES) + GREETING_BYTES
  }

  /** The client is known: from here on its session counts. */
  lift(): void {
    this.#socket.off('data', this.#count)
  }

  readonly #count = (chunk: Buffer) => {
    this.#bytes += chunk.length
    if (this.#bytes <= this.#allowed) return
    this.lift()
    this.#onSpent(this.#bytes)
    stopListening(this.#socket)
  }
}

/** What comes from now on is thrown away unread; what was written still leaves, a close frame among it. */
function stopListening(socket: Duplex): void {
  socket.removeAllListeners('data')
  socket.resume()
  socket.end()
}
