import type { Random } from '../simulator/random.ts'

/** A value on the wire: JSON text, and the JSON text of its annotations. */
export interface WireText {
  readonly json: string
  readonly meta: string
  readonly attachments?: readonly Uint8Array[]
}

const NO_NOTES = '{"values":{},"v":1}'

/** Values that take `size` characters to say, and that a careless reader takes much longer to read. */
const HOSTILE: Readonly<Record<string, (size: number, random: Random) => WireText>> = {
  brackets: (size) => ({ json: '['.repeat(size / 2) + ']'.repeat(size / 2), meta: NO_NOTES }),
  records: (size) => ({ json: `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`, meta: NO_NOTES }),
  'empty arrays': (size) => ({ json: `[${list(size / 3, () => '[]')}]`, meta: NO_NOTES }),
  names: (size) => ({ json: `{${list(size / 12, (n) => `"${n.toString(36)}":0`)}}`, meta: NO_NOTES }),
  'numbers as names': (size) => ({ json: `{${list(size / 14, (n) => `"${n * 65_536}":0`)}}`, meta: NO_NOTES }),
  escapes: (size) => ({ json: `"${'\\u0070'.repeat(size / 6)}"`, meta: NO_NOTES }),
  digits: (size) => ({ json: `"${'7'.repeat(size)}"`, meta: '{"values":["bigint"],"v":1}' }),
  bigints: (size) => ofOneType(size, '"bigint"', () => `"${'9'.repeat(1_024)}"`),
  dates: (size) => ofOneType(size, '"Date"', () => '"2026-01-31T12:00:00.000Z"'),
  'a long date': (size) => ({ json: `"${'(1 '.repeat(size / 3)}"`, meta: '{"values":["Date"],"v":1}' }),
  'a long path': (size) => ({ json: '{"a":1}', meta: `{"values":{"${'a.'.repeat(size / 2)}":["Date"]},"v":1}` }),
  'a wide host': (size) => ({ json: `"http://${wide(size / 4)}/"`, meta: '{"values":["URL"],"v":1}' }),
  'marks in a host': (size) => ({
    json: `"http://a${'\u0316\u0301'.repeat(size / 8)}/"`,
    meta: '{"values":["URL"],"v":1}',
  }),
  hosts: (size) => ofOneType(size, '"URL"', () => `"http://${wide(200)}/"`),
  'a set of numbers': (size) => ({ json: `[${alike(size / 12)}]`, meta: '{"values":["set"],"v":1}' }),
  'a map of numbers': (size) => ({
    json: `[${alike(size / 16).map((n) => `[${n},0]`)}]`,
    meta: '{"values":["map"],"v":1}',
  }),
  'a set of bigints': (size) => {
    const members = Array.from({ length: size / 50 }, (_, n) => BigInt(n) << 64n)
    const notes = members.map((_, n) => `"${n}":["bigint"]`)
    return { json: `[${members.map((n) => `"${n}"`)}]`, meta: `{"values":["set",{${notes}}],"v":1}` }
  },
  bytes: (size) => ({
    json: `[${list(size / 2, () => '7')}]`,
    meta: '{"values":[["typed-array","Float64Array"]],"v":1}',
  }),
  base64: (size) => ({
    json: `"${'A'.repeat(size - (size % 4))}"`,
    meta: '{"values":[["bytes","ArrayBuffer"]],"v":1}',
  }),
  'one attachment for all': (size) => ({
    ...ofOneType(size / 4, '["bytes","ArrayBuffer"]', () => '0'),
    attachments: [new Uint8Array(size)],
  }),
  errors: (size) => ({
    json: `${'{"name":"E","message":"","cause":'.repeat(Math.min(70, size / 34))}1${'}'.repeat(Math.min(70, size / 34))}`,
    meta: '{"values":["Error",{"cause":["Error"]}],"v":1}',
  }),
}

const FAMILIES = Object.keys(HOSTILE) as [string, ...string[]] // it has rows

/** One of them, of any size up to what a message may have. */
export function hostileValue(random: Random): WireText {
  const family = random.pick(FAMILIES)
  const size = random.pick([100, 1_000, 10_000, 50_000, 100_000, 300_000, 900_000])
  return HOSTILE[family]?.(size, random) ?? { json: 'null', meta: NO_NOTES }
}

function list(length: number, entry: (index: number) => string): string {
  return Array.from({ length }, (_, index) => entry(index)).join()
}

/** As many as fit of one type, with their annotations. */
function ofOneType(size: number, annotation: string, entry: () => string): WireText {
  const length = Math.max(1, Math.floor(size / (entry().length + annotation.length + 12)))
  return {
    json: `[${list(length, entry)}]`,
    meta: `{"values":{${list(length, (index) => `"${index}":[${annotation}]`)}},"v":1}`,
  }
}

function wide(length: number): string {
  return Array.from({ length }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7_919) % 20_000))).join('')
}

/** Numbers that V8's tables put into one place: its hash of a whole number is the same in every process. */
function alike(count: number): readonly number[] {
  const numbers: number[] = []
  for (let hash = 0; numbers.length < count && hash < 2 ** 32; hash += 2 ** 14) {
    const number = unhashed(hash)
    if (number < 2 ** 31) numbers.push(number)
  }
  return numbers
}

/** `ComputeUnseededHash` of V8, Thomas Wang's hash of 32 bits, step by step backwards. */
function unhashed(hash: number): number {
  let bits = (hash ^ (hash >>> 16)) >>> 0
  bits = Math.imul(bits, inverse(2_057))
  bits ^= bits >>> 4
  bits ^= bits >>> 8
  bits ^= bits >>> 16
  bits = Math.imul(bits, inverse(5))
  bits ^= (bits >>> 12) ^ (bits >>> 24)
  return Math.imul(bits + 1, inverse(32_767)) >>> 0
}

/** What undoes a multiplication by an odd number, modulo 2 ** 32: each round of Newton's doubles the bits that fit. */
function inverse(factor: number): number {
  let undo = factor
  for (let bits = 3; bits < 32; bits *= 2) undo = Math.imul(undo, 2 - Math.imul(factor, undo))
  return undo
}
