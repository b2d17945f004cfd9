import type { Random } from '../simulator/random.ts'
import { rawJson } from './raw-json.ts'

/** Bytes that belong to a message of a frame: they go with it, whatever becomes of what it says. */
const attached = new WeakMap<object, readonly Uint8Array[]>()

export function attach<Message extends object>(message: Message, bytes: readonly Uint8Array[]): Message {
  if (bytes.length > 0) attached.set(message, bytes)
  return message
}

export function attachmentsOf(message: unknown): readonly Uint8Array[] {
  return (typeof message === 'object' && message !== null ? attached.get(message) : undefined) ?? []
}

/** An attachment of a frame, with the index of the message that it is said to belong to. */
interface Placed {
  readonly index: number
  readonly bytes: Uint8Array
}

function placedIn(frame: readonly unknown[]): Placed[] {
  return frame.flatMap((message, at) => attachmentsOf(message).map((bytes) => ({ index: at - 2, bytes })))
}

/** What goes over the wire for a frame: text, or bytes where a message has attachments. */
export function wireOf(frame: readonly unknown[]): string | Uint8Array {
  const placed = placedIn(frame)
  return placed.length === 0 ? rawJson(frame) : binary(rawJson(frame), placed)
}

/** What may be wrong with the frame around the attachments. */
const FAULTS = ['header', 'index', 'length', 'order', 'missing', 'more', 'none', 'cut', 'text'] as const

/** A binary frame whose parts don't fit one another. */
export function faultyBinary(frame: readonly unknown[], random: Random): Uint8Array {
  const text = rawJson(frame)
  const placed = placedIn(frame)
  const some = placed.length > 0 ? placed : [{ index: 0, bytes: new Uint8Array(random.pick([0, 1, 100])) }]
  switch (random.pick(FAULTS)) {
    case 'header': {
      const bytes = binary(text, some)
      new DataView(bytes.buffer).setUint32(0, random.pick([0, 1, bytes.length, bytes.length - 4, 2 ** 31, 2 ** 32 - 1]))
      return bytes
    }
    case 'index':
      return binary(
        text,
        some.map(({ bytes }) => ({ bytes, index: random.pick([0, 1, 2, 100, 2 ** 32 - 1]) })),
      )
    case 'length':
      return binary(text, some, random.pick([-1, 1, 1_000, 2 ** 31]))
    case 'order':
      return binary(text, [...some, ...some].reverse())
    case 'missing':
      return binary(text, some.slice(1))
    case 'more':
      return binary(
        text,
        Array.from({ length: random.pick([2, 100, 5_000]) }, () => some[0] ?? { index: 0, bytes: new Uint8Array() }),
      )
    case 'none':
      return binary(text, [])
    case 'cut': {
      const bytes = binary(text, some)
      return bytes.subarray(random.integer(0, 3), random.integer(0, bytes.length))
    }
    case 'text':
      return binary(random.pick(['["ping"]', '', '{}', '[1,0]', text.slice(1), `\ufeff${text}`]), some)
  }
}

/** The frame as PROTOCOL.md has it; each attachment is said to be `aside` bytes longer than it is. */
function binary(text: string, placed: readonly Placed[], aside = 0): Uint8Array {
  const header = new TextEncoder().encode(text)
  const parts = [word(header.length), header]
  for (const { index, bytes } of placed) parts.push(word(index), word(bytes.length + aside), bytes)
  return new Uint8Array(Buffer.concat(parts))
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
