import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBinaryFrame, readFrame } from '../protocol/binary-frame.ts'
import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { pack, Unpacked } from '../protocol/packed.ts'
import { Delivery } from './delivery.ts'

/** One end: what it was given to send, what it was handed, and the frames of its own that are under way. */
class End {
  readonly delivery = new Delivery()
  readonly handed: number[] = []
  /** Frames written on this connection, and how many of them have arrived. */
  written: (string | Uint8Array)[] = []
  arrived = 0
  #sent = 0

  get sent(): number {
    return this.#sent
  }

  /** A message, with an attachment of so many bytes, all of them the message's number. */
  send(characters: number, bytes?: number): void {
    const text = JSON.stringify([++this.#sent, 'x'.repeat(characters), bytes])
    const message = pack(text, bytes === undefined ? undefined : [new Uint8Array(bytes).fill(this.#sent)])
    // A draft is what calls are, ready-made text what results are: to the numbers it makes no difference.
    this.delivery.outbox.pushCall(this.#sent % 2 === 0 ? message : { isWithdrawn: false, write: () => message })
  }

  write(): void {
    const frame = this.delivery.nextFrame(0)
    if (frame !== undefined) this.written.push(typeof frame === 'string' ? frame : formatBinaryFrame(frame))
  }

  take(frame: string | Uint8Array): void {
    const bytes = typeof frame === 'string' ? frame.length * 3 : frame.byteLength
    expect(bytes).toBeLessThanOrEqual(PROTOCOL_LIMITS.frameBytes)
    const parsed = readFrame(frame) as DataFrame
    const [seq, , ...messages] = parsed
    // The test's messages carry the number that they must travel under.
    expect(messages.map(numberOf)).toEqual(messages.map((_, index) => seq + index))
    const take = (message: unknown) => this.handed.push(numberOf(message))
    this.delivery.receive(parsed, frame.length, 0, { take, hasRoom: () => true })
  }
}

/** The number that a message states, once its attachment is found to be what it was sent with. */
function numberOf(received: unknown): number {
  const [number, , bytes] = (received instanceof Unpacked ? received.message : received) as [number, string, number?]
  const attachments = received instanceof Unpacked ? received.attachments : []
  const isSame = attachments[0] === undefined ? bytes == null : equals(attachments[0], number, bytes)
  if (!isSame || attachments.length > 1) expect.fail(`Message ${number} has other attachments than it was sent with.`)
  return number
}

function equals(attachment: Uint8Array, number: number, bytes: number | undefined): boolean {
  return Buffer.compare(attachment, new Uint8Array(bytes ?? 0).fill(number)) === 0
}

class Line {
  readonly ends: readonly [End, End] = [new End(), new End()]

  end(index: number): End {
    return index === 0 ? this.ends[0] : this.ends[1]
  }

  /** The next frame under way arrives. */
  arrive(from: number): void {
    const sender = this.end(from)
    const frame = sender.written[sender.arrived]
    if (frame === undefined) return
    sender.arrived++
    this.end(1 - from).take(frame)
  }

  /** A frame that has arrived on this connection arrives again. */
  repeat(from: number, which: number): void {
    const sender = this.end(from)
    if (sender.arrived > 0) this.end(1 - from).take(sender.written[which % sender.arrived] ?? '')
  }

  acknowledge(from: number): void {
    this.end(1 - from).delivery.acknowledge(this.end(from).delivery.takeAck(), 0)
  }

  /** What is under way is gone; both say on a new connection what they have, and go on from there. */
  cut(): void {
    for (const end of this.ends) {
      end.written = []
      end.arrived = 0
      end.delivery.rewind()
    }
    this.ends[0].delivery.confirm(this.ends[1].delivery.received, 0)
    this.ends[1].delivery.confirm(this.ends[0].delivery.received, 0)
  }

  /** Everything under way arrives, and what waits is sent, until nothing is left to say. */
  settle(): void {
    for (let round = 0; round < 1_000 && this.ends.some(isBusy); round++) {
      for (const from of [0, 1]) {
        this.end(from).write()
        while (this.end(from).arrived < this.end(from).written.length) this.arrive(from)
        this.acknowledge(1 - from)
      }
    }
  }
}

function isBusy({ delivery, arrived, written }: End): boolean {
  return delivery.hasMore || delivery.unacked > 0 || arrived < written.length
}

const from = fc.nat(1)
const command = fc.oneof(
  fc.record({ do: fc.constant('send' as const), from, characters: fc.oneof(fc.nat(10), fc.nat(25_000)) }),
  fc.record({
    do: fc.constant('send' as const),
    from,
    characters: fc.nat(10),
    bytes: fc.oneof(fc.nat(10), fc.nat(25_000)),
  }),
  fc.record({ do: fc.constantFrom('write' as const, 'arrive' as const, 'acknowledge' as const), from }),
  fc.record({ do: fc.constantFrom('write' as const, 'arrive' as const), from }),
  fc.record({ do: fc.constant('repeat' as const), from, which: fc.nat(20) }),
  fc.record({ do: fc.constant('cut' as const) }),
)
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

function run(line: Line, command: Command): void {
  switch (command.do) {
    case 'send':
      return line.end(command.from).send(command.characters, 'bytes' in command ? command.bytes : undefined)
    case 'write':
      return line.end(command.from).write()
    case 'arrive':
      return line.arrive(command.from)
    case 'acknowledge':
      return line.acknowledge(command.from)
    case 'repeat':
      return line.repeat(command.from, command.which)
    case 'cut':
      return line.cut()
  }
}

const counting = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1)

describe('two deliveries over a line that cuts, repeats and overlaps', () => {
  it('A3, A9, A16, A19, A28: hand over each message once and in order, and acknowledge nothing that did not come', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120, size: 'max' }), (commands) => {
        const line = new Line()
        for (const command of commands) {
          run(line, command)
          for (const index of [0, 1]) {
            const [sender, receiver] = [line.end(index), line.end(1 - index)]
            expect(receiver.handed).toEqual(counting(receiver.delivery.received))
            expect(sender.delivery.base).toBeLessThanOrEqual(receiver.delivery.received + 1)
          }
        }
        line.settle()
        for (const index of [0, 1]) {
          const [sender, receiver] = [line.end(index), line.end(1 - index)]
          expect(receiver.handed).toEqual(counting(sender.sent))
          expect(sender.delivery.unacked).toBe(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('A28: send nothing again after a second cut without traffic', () => {
    const line = new Line()
    for (let i = 0; i < 5; i++) line.end(0).send(3)
    line.end(0).write()
    line.arrive(0)
    line.cut()
    line.cut()
    expect(line.ends.map(({ delivery }) => delivery.nextFrame(0))).toEqual([undefined, undefined])
    expect(line.ends.map(({ delivery }) => delivery.duplicates)).toEqual([0, 0])
  })

  it('take it for a broken protocol when an end has less than it acknowledged', () => {
    const line = new Line()
    line.end(0).send(3)
    line.end(0).write()
    line.arrive(0)
    line.acknowledge(1)
    expect(() => line.end(0).delivery.confirm(0, 0)).toThrow('The peer has 0 messages: it acknowledged 1.')
  })
})
