import { type Message, parseMessage } from '../protocol/message.ts'
import { type Attachments, attachmentsIn, messageIn } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { JsonLimits } from '../protocol/scan-json.ts'
import type { Floods } from '../session/floods.ts'
import type { Holdings } from '../session/holdings.ts'
import type { AnswerReader } from './answer-reader.ts'
import type { Answering, OpenCalls } from './answering.ts'
import type { Assembly } from './assembly.ts'
import type { Caller } from './caller.ts'
import { checkSize } from './check-sizes.ts'

/** Both sides of a session's calls: those this end opened and those the other end opened. The same code serves both ends. */
export interface Peer {
  readonly caller: Caller
  readonly responder: Answering
  /** What the messages of the other end may hold; where it is left out, what those of a client may. */
  readonly reads?: JsonLimits | undefined
  /** What the other end may do how often; without it, anything. */
  readonly floods?: Floods | undefined
  /** Where what is kept for the other end and from it is added up, if it is. */
  readonly holdings?: Holdings | undefined
}

/** Where the pieces of a large message wait for each other. Most sessions have none. */
export interface Pieces {
  readonly assembly: Assembly
}

/**
 * Hands one received message to its call, with the attachments that an `Unpacked` has; a piece waits in `pieces` for the
 * others.
 * @throws ProtocolError for what isn't a message, or breaks the rules of ids.
 */
export function deliver(peer: Peer, pieces: Pieces, received: unknown): void {
  const message = parseMessage(messageIn(received))
  if (message[0] !== 'piece') return handOver(peer, message, attachmentsIn(received))
  const assembled = pieces.assembly.add(message, attachmentsIn(received))
  const [, , isLast] = message
  if (!isLast) return
  const whole = parseMessage(messageIn(assembled))
  if (whole[0] === 'piece')
    throw new ProtocolError('BAD_FRAME', 'A message in pieces is a "piece" itself: expected another.')
  checkSize(assembled)
  handOver(peer, whole, attachmentsIn(assembled))
}

function handOver(
  peer: Peer,
  message: Exclude<Message, readonly ['piece', ...unknown[]]>,
  attachments: Attachments,
): void {
  const { caller, responder } = peer
  switch (message[0]) {
    case 'call':
      return responder.open(message[1], message[2], message[3], message[4], attachments)
    case 'cancel':
      return responder.cancel(message[1])
    case 'stream':
      return caller.answers.onStream(message[1])
    case 'item':
      return itemsOf(peer, message[1]).onItem(message[1], message[2], message[3], message[4], attachments)
    case 'credit':
      if (!itemsOf(peer, message[1]).onCredit(message[1], message[2])) peer.floods?.unearned(message[1])
      return
    case 'end':
      return responder.calls.onEnd(message[1])
    case 'stop':
      return caller.answers.onStop(message[1])
    case 'position':
      return caller.answers.onPosition(message[1], message[2])
    case 'result':
      return caller.answers.onResult(message[1], message[2], message[3], attachments)
    case 'error':
      return caller.answers.onError(message[1], message[2], attachments)
  }
}

/** Items go both ways: whose call it is, its id says. */
function itemsOf({ caller, responder }: Peer, id: number): AnswerReader | OpenCalls {
  return caller.calls.isOwn(id) ? caller.answers : responder.calls
}

/** Ends the calls of both sides whose time is up. Gives the next time to look, at the latest. */
export function sweep({ caller, responder }: Peer, now: number): number {
  return Math.min(caller.sweep(now), responder.sweep(now))
}
