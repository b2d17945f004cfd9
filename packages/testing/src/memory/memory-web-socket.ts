import type { WebSocketClass, WebSocketLike } from '@hotline/client'
import type { Socket, SocketListener } from '@hotline/core/internal'

/** What a server does with a socket that came. */
export type Accept = (socket: Socket) => SocketListener

/** Where sockets in memory meet: the client's end is a WebSocket class, the server's end a listener. */
export class MemoryLine {
  /** For `createClient`: its sockets lead to whoever listens here. */
  readonly WebSocket: WebSocketClass
  readonly #sockets = new Set<MemoryWebSocket>()
  #accept: Accept | undefined

  constructor() {
    const line = this
    this.WebSocket = class extends MemoryWebSocket {
      constructor(_url: string, protocol: string) {
        super(protocol, (socket) => line.#open(socket))
      }
    }
  }

  /** Whoever listens gets the sockets from now on; `undefined` refuses them. */
  listen(accept: Accept | undefined): void {
    this.#accept = accept
  }

  /** Every socket breaks, as a line does: neither end said so. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.end(1006, '')
  }

  #open(socket: MemoryWebSocket): void {
    if (this.#accept === undefined) return socket.end(1006, '')
    this.#sockets.add(socket)
    socket.open(this.#accept, () => this.#sockets.delete(socket))
  }
}

/** A WebSocket whose other end is in the same process. What is sent arrives in a later microtask, in order. */
class MemoryWebSocket implements WebSocketLike {
  binaryType = 'arraybuffer'
  readonly bufferedAmount = 0
  readonly protocol: string
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  #state: 'connecting' | 'open' | 'closed' = 'connecting'
  #server: SocketListener | undefined
  #forget: (() => void) | undefined

  constructor(protocol: string, open: (socket: MemoryWebSocket) => void) {
    this.protocol = protocol
    queueMicrotask(() => this.#state === 'connecting' && open(this))
  }

  open(accept: Accept, forget: () => void): void {
    this.#state = 'open'
    this.#forget = forget
    this.#server = accept({
      bufferedBytes: 0,
      send: (frame) => this.#later(() => dispatch(this.onmessage, { data: received(frame) })),
      close: (code, reason) => this.end(code, reason),
      abort: () => this.end(1006, ''),
      pauseReading: () => {},
    })
    dispatch(this.onopen, {})
  }

  send(frame: string | Uint8Array): void {
    if (this.#state === 'connecting') throw new Error('The socket is not open yet.')
    this.#later(() => this.#server?.message(frame))
  }

  close(code = 1005, reason = ''): void {
    this.end(code, reason)
  }

  terminate(): void {
    this.end(1006, '')
  }

  /** Ends both ends, behind what they have sent; a break loses what is still under way. */
  end(code: number, reason: string): void {
    if (this.#state === 'closed') return
    const tell = () => {
      this.#server?.closed(code, reason)
      dispatch(this.onclose, { code, reason })
    }
    if (code === 1006) this.#state = 'closed'
    queueMicrotask(() => {
      if (code !== 1006 && this.#state === 'closed') return
      this.#state = 'closed'
      this.#forget?.()
      tell()
    })
  }

  #later(arrive: () => void): void {
    queueMicrotask(() => this.#state === 'open' && arrive())
  }
}

/** What a WebSocket gives whose `binaryType` is `arraybuffer`. */
function received(frame: string | Uint8Array): string | ArrayBufferLike {
  return typeof frame === 'string' ? frame : frame.slice().buffer
}

/** The handlers' events differ between the DOM and `ws`, which is why their type leaves them open. */
function dispatch(handler: ((event: never) => void) | null, event: object): void {
  handler?.(event as never)
}
