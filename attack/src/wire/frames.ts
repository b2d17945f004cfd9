/** Opcodes of RFC 6455, section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameShape {
  readonly opcode: number
  readonly payload?: Buffer
  /** More of the message follows in a continuation. */
  readonly isUnfinished?: boolean
  /** What the header says, where it isn't the truth. */
  readonly declaredBytes?: bigint
}

/** A WebSocket frame as a client sends it. Its mask is all zeros: allowed, and the payload stays as it is. */
export function clientFrame({ opcode, payload = NOTHING, isUnfinished = false, declaredBytes }: FrameShape): Buffer {
  const length = declaredBytes ?? BigInt(payload.length)
  const first = opcode | (isUnfinished ? 0 : 0x80)
  return Buffer.concat([Buffer.from([first]), lengthField(length), MASK, payload])
}

/** A text message of JSON. */
export function textFrame(value: unknown): Buffer {
  const payload = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  return clientFrame({ opcode: OPCODES.text, payload })
}

export interface ServerFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** What a server has sent, taken apart as it comes. */
export class ServerFrames {
  #rest: Buffer = NOTHING

  /** The frames that are whole now. */
  take(bytes: Buffer): readonly ServerFrame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const frames: ServerFrame[] = []
    while (this.#rest.length >= 2) {
      const [start, end] = payloadIn(this.#rest)
      if (this.#rest.length < end) break
      frames.push({ opcode: this.#rest.readUInt8(0) & 0x0f, payload: this.#rest.subarray(start, end) })
      this.#rest = this.#rest.subarray(end)
    }
    return frames
  }
}

const NOTHING = Buffer.alloc(0)
const MASK = Buffer.alloc(4)
const IS_MASKED = 0x80

function lengthField(length: bigint): Buffer {
  if (length < 126n) return Buffer.from([IS_MASKED | Number(length)])
  const field = Buffer.alloc(length < 65_536n ? 3 : 9)
  field[0] = IS_MASKED | (field.length === 3 ? 126 : 127)
  if (field.length === 3) field.writeUInt16BE(Number(length), 1)
  else field.writeBigUInt64BE(length, 1)
  return field
}

/** Where the payload of the first frame begins and ends; beyond the end where its header isn't whole. */
function payloadIn(bytes: Buffer): readonly [start: number, end: number] {
  const short = bytes.readUInt8(1) & 0x7f
  if (short < 126) return [2, 2 + short]
  const start = short === 126 ? 4 : 10
  if (bytes.length < start) return [start, Number.POSITIVE_INFINITY]
  return [start, start + (short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)))]
}
