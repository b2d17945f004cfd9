import type { ErrorFields, PositionFields } from './message.ts'

/**
 * An encoded value: the JSON text in a message's value position, the JSON text of its `meta` field, and the bytes that
 * these refer to by their index.
 */
export interface ValueText {
  readonly json: string
  readonly meta: string | undefined
  readonly attachments?: readonly Uint8Array[] | undefined
}

/** The text of an item, and what it takes of its stream's credit. */
export interface SizedText {
  readonly text: string
  readonly size: number
}

/** What the message of an item has behind `itemHead`, the same in every stream. */
export interface Prepared {
  readonly rest: string
  readonly size: number
  readonly attachments: readonly Uint8Array[] | undefined
}

// Messages are put together as text, once, and never parsed again by their sender: this is the hot path.
// `fields` are the members of a message's last object, ready-made (`"timeoutMs":500`), or an empty string.

export function formatCall(id: number, path: string, value: ValueText | undefined, fields: string): string {
  return `["call",${id},${JSON.stringify(path)}${tail(value, fields)}]`
}

export function formatCancel(id: number): string {
  return `["cancel",${id}]`
}

export function formatStream(id: number): string {
  return `["stream",${id}]`
}

export function formatItem(id: number, value: ValueText | undefined, fields: string): SizedText {
  const prepared = prepareItem(value, fields)
  return { text: itemHead(id) + prepared.rest, size: prepared.size }
}

/** An item's size is that of everything behind it in the message and of its attachments, and 1 at least. */
export function prepareItem(value: ValueText | undefined, fields: string): Prepared {
  const behind = `${tail(value, fields)}]`
  const size = Math.max(1, behind.length - 1 + bytesOf(value))
  const rest = `${size}${behind}`
  // V8 puts the parts together where a character is asked for, and else again in the frame of each stream: 5 % of an event.
  rest.charCodeAt(0)
  return { rest, size, attachments: value?.attachments }
}

/** What the messages of a stream's items begin with: made once, it is all that an item of many streams takes in each of them. */
export function itemHead(id: number): string {
  return `["item",${id},`
}

export function formatCredit(id: number, size: number): string {
  return `["credit",${id},${size}]`
}

export function formatEnd(id: number): string {
  return `["end",${id}]`
}

export function formatStop(id: number): string {
  return `["stop",${id}]`
}

export function formatPosition(id: number, fields: PositionFields): string {
  return `["position",${id},${JSON.stringify(fields)}]`
}

export function formatResult(id: number, value: ValueText | undefined): string {
  return `["result",${id}${tail(value, '')}]`
}

/** `lengths` are those of the attachments, said with the last piece of a message that has some. */
export function formatPiece(text: string, isLast: boolean, lengths?: readonly number[] | undefined): string {
  const fields = lengths === undefined ? '' : `,{"lengths":[${lengths.join(',')}]}`
  return `["piece",${JSON.stringify(text)},${isLast}${fields}]`
}

/** `data` is text already, since a codec wrote it; the other fields are plain. */
export function formatError(
  id: number,
  fields: Omit<ErrorFields, 'data' | 'meta'>,
  data: ValueText | undefined,
): string {
  const text = JSON.stringify(fields)
  if (data === undefined) return `["error",${id},${text}]`
  const meta = data.meta === undefined ? '' : `,"meta":${data.meta}`
  return `["error",${id},${text.slice(0, -1)},"data":${data.json}${meta}}]`
}

function bytesOf(value: ValueText | undefined): number {
  let bytes = 0
  if (value?.attachments !== undefined) for (const { byteLength } of value.attachments) bytes += byteLength
  return bytes
}

/** A value that is left out is `undefined`; where fields follow it, it has to stand. */
function tail(value: ValueText | undefined, fields: string): string {
  if (value === undefined) return fields === '' ? '' : `,null,{${fields}}`
  if (value.meta === undefined) return fields === '' ? `,${value.json}` : `,${value.json},{${fields}}`
  return `,${value.json},{${fields === '' ? '' : `${fields},`}"meta":${value.meta}}`
}
