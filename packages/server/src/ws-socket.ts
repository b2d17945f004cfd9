import type { Duplex } from 'node:stream'
import type { BinaryFrame, Socket, SocketListener } from '@hotline/core/internal'
import type { WebSocket } from 'ws'
import { binaryMessage } from './binary-message.ts'
import type { Arrivals, UnfinishedMessages } from './gate/unfinished-messages.ts'
import type { InTurn } from './in-turn.ts'
import { FRAMED_CHARACTERS, textFrame } from './text-frame.ts'

/** A socket of the `ws` package as Hotline uses it, on the stream that was upgraded. */
export class WsSocket implements Socket {
  readonly #ws: WebSocket
  readonly #stream: Duplex

  constructor(ws: WebSocket, stream: Duplex) {
    this.#ws = ws
    this.#stream = stream
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount
  }

  /**
   * ws writes the head of a frame and its text one by one. As one buffer they cost less: 6 % of a call, a fifth of an
   * event that goes to 200 subscribers. Since nothing is compressed, ws has nothing in line that this could overtake.
   * Long text isn't worth the copy: 64 KiB cost 5 % more.
   */
  send(frame: string | Uint8Array): void {
    if (typeof frame !== 'string' || frame.length > FRAMED_CHARACTERS) this.#ws.send(frame)
    else if (this.#ws.readyState === this.#ws.OPEN) this.#stream.write(textFrame(frame))
  }

  /** Attachments go from where they lie. Put in one row for ws, a megabyte of them there and back costs a tenth more. */
  sendBinary(frame: BinaryFrame): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    this.#stream.cork()
    for (const part of binaryMessage(frame)) this.#stream.write(part)
    this.#stream.uncork()
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason)
  }

  abort(): void {
    this.#ws.terminate()
  }

  pauseReading(paused: boolean): void {
    if (paused) this.#ws.pause()
    else this.#ws.resume()
  }
}

/** What hears of a socket of ws; what it can't take at once waits with it. */
type WsListener = Required<SocketListener> & Pick<InTurn, 'isWaiting' | 'late'>

/**
 * Tells `listener` what happens to the socket, and where a message isn't finished, as long as it is open. An error is always
 * followed by its close.
 */
export function listenToWs(ws: WebSocket, listener: WsListener, unfinished: UnfinishedMessages): void {
  // It has an ear from here on.
  const heard = ws as HeardWs
  heard[EAR] = new Ear(ws, listener, unfinished)
  heard.on('message', tellMessage)
  heard.on('ping', tellControlFrame)
  heard.on('pong', tellControlFrame)
  heard.on('close', tellClosed)
  heard.on('error', ignore)
}

/** Where a socket of ws has its ear. Functions of its own for each would take an idle connection half a kilobyte more. */
const EAR = Symbol('ear')

type HeardWs = WebSocket & { [EAR]: Ear }

function earOf(ws: WebSocket): Ear {
  // Only those that have one are listened to.
  return (ws as HeardWs)[EAR]
}

function tellMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  earOf(this).message(data, isBinary)
}

function tellControlFrame(this: WebSocket): void {
  earOf(this).controlFrame()
}

function tellClosed(this: WebSocket, code: number, reason: Buffer): void {
  earOf(this).closed(code, reason)
}

function ignore(): void {}

class Ear implements Arrivals {
  whole = 0
  begun: Arrivals['begun']
  readonly #ws: WebSocket
  readonly #receiver: WsReceiver
  readonly #listener: WsListener
  readonly #unfinished: UnfinishedMessages

  constructor(ws: WebSocket, listener: WsListener, unfinished: UnfinishedMessages) {
    this.#ws = ws
    this.#receiver = receiverOf(ws)
    this.#listener = listener
    this.#unfinished = unfinished
    unfinished.watch(this)
  }

  get isWithinMessage(): boolean {
    return !this.#ws.isPaused && isWithinMessage(this.#receiver)
  }

  late(timeoutMs: number): void {
    this.#listener.late(timeoutMs)
  }

  message(data: Buffer, isBinary: boolean): void {
    this.whole++
    this.#listener.message(isBinary ? bytesOf(data) : data.toString('utf8'))
    this.#heard()
  }

  controlFrame(): void {
    this.#listener.controlFrame()
    this.#heard()
  }

  closed(code: number, reason: Buffer): void {
    this.#unfinished.forget(this)
    this.#listener.closed(code, reason.toString('utf8'))
  }

  /** A paused socket gives nothing new, but what was read of it already would be parsed to its end: 64 KiB of tiny frames. */
  #heard(): void {
    this.#receiver._allowSynchronousEvents = !this.#listener.isWaiting
  }
}

/**
 * Parts of a Buffer are Buffers, and applications get parts of it: what they sent was no Buffer. They may transfer what they
 * get, to a worker for instance, and the buffer may be what was read from the socket at once, with the next frames in it.
 */
function bytesOf(data: Buffer): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? new Uint8Array(data.buffer) : new Uint8Array(data)
}

/** What ws has no words for in its API, and a test holds that it still has it. */
interface WsReceiver {
  /** Of a message that isn't whole: bytes of a frame, its header, or fragments. */
  readonly _bufferedBytes?: number
  readonly _state?: number
  readonly _fragmented?: number
  /** Whether what is read at once is told at once, or one message in each turn. An option of ws, for good and all. */
  _allowSynchronousEvents?: boolean
}

function receiverOf(ws: WebSocket): WsReceiver {
  // Not in the types of ws.
  return (ws as unknown as { readonly _receiver?: WsReceiver })._receiver ?? {}
}

/**
 * The receiver knows it, at no cost for messages that are whole. Were it kept elsewhere some day, this would be `false`,
 * and a client that finishes nothing would be silent (`SILENT`) a little later instead.
 */
function isWithinMessage({ _bufferedBytes = 0, _state = 0, _fragmented = 0 }: WsReceiver): boolean {
  return _bufferedBytes > 0 || _state > 0 || _fragmented > 0
}
