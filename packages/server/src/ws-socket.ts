import type { Socket, SocketListener } from '@hotline/core/internal'
import type { WebSocket } from 'ws'
import type { Arrivals } from './gate/unfinished-messages.ts'

/** A socket of the `ws` package as Hotline uses it. */
export function wsSocket(ws: WebSocket): Socket {
  return {
    get bufferedBytes() {
      return ws.bufferedAmount
    },
    send: (frame) => ws.send(frame),
    close: (code, reason) => ws.close(code, reason),
    abort: () => ws.terminate(),
    pauseReading: (paused) => (paused ? ws.pause() : ws.resume()),
  }
}

/** Tells `listener` what happens to the socket. An error is always followed by its close. */
export function listenToWs(ws: WebSocket, listener: SocketListener): Arrivals {
  let whole = 0
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    whole++
    listener.message(isBinary ? bytesOf(data) : data.toString('utf8'))
  })
  ws.on('ping', () => listener.controlFrame?.())
  ws.on('pong', () => listener.controlFrame?.())
  ws.on('close', (code, reason) => listener.closed(code, reason.toString('utf8')))
  ws.on('error', () => {})
  return {
    get whole() {
      return whole
    },
    get isWithinMessage() {
      return !ws.isPaused && isWithinMessage(ws)
    },
  }
}

/** Parts of a Buffer are Buffers, and applications get parts of it: what they sent was no Buffer. */
function bytesOf({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** What ws keeps of a message that isn't whole: bytes of a frame, its header, or fragments. */
interface WsReceiver {
  readonly _bufferedBytes?: number
  readonly _state?: number
  readonly _fragmented?: number
}

/**
 * ws doesn't say it, but its receiver knows, at no cost for messages that are whole. Were it kept elsewhere some day,
 * this would be `false`, and a client that finishes nothing would be silent (`SILENT`) a little later instead.
 */
function isWithinMessage(ws: WebSocket): boolean {
  // Not in the types of ws.
  const { _receiver: receiver } = ws as unknown as { readonly _receiver?: WsReceiver }
  const { _bufferedBytes = 0, _state = 0, _fragmented = 0 } = receiver ?? {}
  return _bufferedBytes > 0 || _state > 0 || _fragmented > 0
}
