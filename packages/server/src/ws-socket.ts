import type { Socket, SocketListener } from '@hotline/core/internal'
import type { WebSocket } from 'ws'

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
export function listenToWs(ws: WebSocket, listener: SocketListener): void {
  ws.on('message', (data: Buffer, isBinary: boolean) =>
    listener.message(isBinary ? bytesOf(data) : data.toString('utf8')),
  )
  ws.on('close', (code, reason) => listener.closed(code, reason.toString('utf8')))
  ws.on('error', () => {})
}

/** Parts of a Buffer are Buffers, and applications get parts of it: what they sent was no Buffer. */
function bytesOf({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
