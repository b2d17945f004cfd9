import type { Item } from '../item.ts'
import type { Row } from '../rows.ts'

/** What a client of a hand-written WebSocket says. */
export type Request =
  | { readonly id: number; readonly method: 'echo'; readonly params: Item }
  | { readonly id: number; readonly method: 'stream' | 'publish'; readonly params: number }
  | { readonly id: number; readonly method: 'follow' | 'rows' }
  | { readonly id: number; readonly method: `echo${number}`; readonly params: Item }

/** `result` answers a call, or ends a stream; `event` is an item of one, or with id 0 a published one. */
export interface Answer {
  readonly id: number
  readonly result?: Item | readonly Row[] | null
  readonly event?: Item
}

/** A binary message is a call's id in four bytes, then the bytes. */
export function withId(id: number, bytes: Uint8Array): Uint8Array {
  const message = Buffer.allocUnsafe(ID_BYTES + bytes.length)
  message.writeUInt32BE(id)
  message.set(bytes, ID_BYTES)
  return message
}

export function readId(message: Buffer): { readonly id: number; readonly bytes: Uint8Array } {
  return { id: message.readUInt32BE(), bytes: message.subarray(ID_BYTES) }
}

const ID_BYTES = 4
