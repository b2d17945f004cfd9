import type { Frame } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { attach, attachmentsOf } from './attached.ts'
import { hostileValue } from './hostile-values.ts'
import { Raw, rawJson } from './raw-json.ts'

/** What one end says: frames that fit what it has heard. Whoever garbles them has a stranger. */
export interface Speech {
  /** Another connection has been opened: the next frame is its first. */
  begin(): void
  /** Takes in a frame of the other end, so as to go on from there. */
  hear(frame: Frame): void
  /** The next frame. */
  next(): unknown[]
}

/** The numbers of one direction each, as a correct end keeps them. */
export class Numbers {
  /** The number of the last message that came. */
  received = 0
  /** The number of the next message to send. */
  next = 1

  /** A data frame around messages; some begin with messages that were sent before. */
  frameAround(messages: readonly unknown[], random: Random): unknown[] {
    const again = random.chance(0.1) ? random.integer(0, Math.min(3, this.next - 1)) : 0
    const known = Array.from({ length: again }, () => ['cancel', 1])
    const frame = [this.next - again, this.received, ...known, ...messages]
    this.next += messages.length
    return frame
  }

  /** What a data frame of the other end says about both directions. */
  take([seq, ack, ...messages]: readonly [number, number, ...unknown[]]): void {
    this.received = Math.max(this.received, seq + messages.length - 1)
    this.isKnown(ack)
  }

  /** The other end has so many messages: a garbled frame may have brought more or fewer than it should. */
  isKnown(received: number): void {
    this.next = Math.max(this.next, received + 1)
  }
}

/** A message as the pieces of its text. */
export function inPieces(message: unknown, random: Random): unknown[] {
  const whole = rawJson(message)
  const size = Math.min(16_384, Math.ceil(whole.length / random.integer(1, 4)) || 1)
  const pieces: unknown[] = []
  for (let at = 0; at < whole.length; at += size) {
    pieces.push(['piece', whole.slice(at, at + size), at + size >= whole.length])
  }
  return withBytes(pieces, attachmentsOf(message))
}

/** The bytes go behind the text, as one run; the last piece says how it splits. */
function withBytes(pieces: unknown[], attachments: readonly Uint8Array[]): unknown[] {
  if (attachments.length === 0) return pieces
  const run = new Uint8Array(Buffer.concat(attachments))
  const texts = pieces.map((piece) => [...(piece as unknown[]).slice(0, 2), false]) // each is an array
  const half = Math.ceil(run.length / 2)
  const first = attach(['piece', '', false], [run.subarray(0, half)])
  const lengths = attachments.map(({ length }) => length)
  return [...texts, first, attach(['piece', '', true, { lengths }], [run.subarray(half)])]
}

/** A value and its fields, as large as a message may be. */
export function hostileTail(random: Random): unknown[] {
  const { json, meta } = hostileValue(random)
  return [new Raw(json), { meta: new Raw(meta) }]
}
