/** The bytes that belong to a call: none are those of another call, and those that its answer carries are its own too. */
export function payload(call: number, from: 'caller' | 'handler', bytes: number): Uint8Array {
  const start = call * 31 + (from === 'caller' ? 0 : 128)
  const given = new Uint8Array(bytes)
  for (let index = 0; index < bytes; index++) given[index] = start + index * 7 + (index >> 8)
  return given
}

export function isPayload(value: unknown, call: number, from: 'caller' | 'handler', bytes: number): boolean {
  return value instanceof Uint8Array && Buffer.compare(value, payload(call, from, bytes)) === 0
}
