import type { DataFrame } from '../protocol/frame.ts'
import { attachmentsIn, messageIn } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'

/** Characters of a message beside what its size counts, at most. */
const OVERHEAD = 64

/** Other ends may write characters as six, `\u0041` say, and are right to count them so; this end writes most as one. */
const MAX_ESCAPE = 6

/** Characters of the least message, with its comma. One that explains more than it has would hide an item. */
const LEAST = 2

/**
 * Sees that the items of a frame are as large as they say: else credit would bound nothing. Where the sizes explain the
 * frame's characters, or the bytes of a binary one, that costs nothing; only beside other messages are the items
 * themselves looked at, and of them only those that such a lie may be in.
 * @throws ProtocolError `BAD_FRAME` for an item that says less than it is.
 */
export function checkSizes(frame: DataFrame, characters: number): void {
  let unexplained = characters - OVERHEAD
  let hasItems = false
  for (let index = 2; index < frame.length; index++) {
    const message = messageIn(frame[index])
    if (isItem(message)) unexplained -= message[2] + OVERHEAD
    else unexplained -= LEAST
    hasItems ||= isItem(message)
  }
  if (!hasItems || unexplained <= 0) return
  for (const received of frame) {
    const message = messageIn(received)
    if (isItem(message) && message[2] * (MAX_ESCAPE - 1) < unexplained) checkSize(received)
  }
}

/**
 * The same for one message, and for nothing but an item.
 * @throws ProtocolError `BAD_FRAME`, likewise.
 */
export function checkSize(received: unknown): void {
  const message = messageIn(received)
  if (!isItem(message)) return
  const [, id, size, ...rest] = message
  let bytes = 0
  for (const { byteLength } of attachmentsIn(received) ?? []) bytes += byteLength
  const characters = charactersOf(rest)
  if (characters <= (size - bytes) * MAX_ESCAPE + OVERHEAD) return
  throw new ProtocolError(
    'BAD_FRAME',
    `An item of call ${String(id)} has ${characters + bytes} characters and says ${size}: expected its size.`,
  )
}

type ItemLike = readonly [word: 'item', id: unknown, size: number, ...rest: unknown[]]

/** Those that came before are skipped unchecked, so they may be anything. */
function isItem(message: unknown): message is ItemLike {
  return Array.isArray(message) && message[0] === 'item' && typeof message[2] === 'number'
}

/** Characters of a value as JSON, without recursion: a stranger chose how deep it is. */
function charactersOf(value: unknown): number {
  let characters = 0
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') characters += next.length + 2
    else if (typeof next !== 'object' || next === null) characters += String(next).length
    else {
      const members = Object.values(next)
      // Brackets, and what stands between the members.
      characters += 1 + Math.max(1, members.length)
      if (!Array.isArray(next)) for (const name of Object.keys(next)) characters += name.length + 3
      for (const member of members) left.push(member)
    }
  }
  return characters
}
