import type { Random } from '../simulator/random.ts'
import { Raw } from './raw-json.ts'

/** Numbers at which checks end, as JSON text: some of them JavaScript would never write. */
export const ODD_NUMBERS: readonly [string, ...string[]] = [
  ...(['0', '-0', '-1', '1', '2', '1.5', '255', '256', '257', '1e3', '1e-7', '0.1'] as const),
  ...['65536', '131072', '2147483647', '2147483648', '4294967295', '4294967296', '-2147483649'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740992', '18446744073709551616'],
  ...['1e21', '1e308', '1e309', '-1e309', '1e-400', '5e-324', '123456789012345678901234567890'],
]

/** Names that mean something to objects, arrays or promises. */
export const ODD_NAMES: readonly [string, ...string[]] = [
  ...(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'length'] as const),
  ...['then', 'toJSON', 'name', 'message', 'stack', 'cause', 'get', 'set', 'next', 'return', 'at', 'meta', 'id'],
  ...['', ' ', '0', '-0', '1', '4294967295', '.', '..', '\\', '\\.', 'a.b', '\u0000', '\ud800', '\udfff', '\uffff'],
]

const ODD_TEXTS: readonly [string, ...string[]] = [
  ...ODD_NAMES,
  ...['null', 'undefined', 'NaN', 'Infinity', '-0', 'true', '[object Object]', '1e999', '0x10', '-', '+1', '1_000'],
  ...['2026-01-31T12:00:00.000Z', '+275760-09-13T00:00:00.001Z', 'https://', 'javascript:0', 'data:,', 'A'.repeat(257)],
  ...['é'.repeat(129), '😀', '😀'.slice(0, 1), '\u2028', '%00', '$&', '\r\n'],
]

/** Something that a field didn't ask for. */
export function oddValue(random: Random): unknown {
  switch (random.integer(0, 9)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
    case 3:
      return new Raw(random.pick(ODD_NUMBERS))
    case 4:
    case 5:
      return random.pick(ODD_TEXTS)
    case 6:
      return []
    case 7:
      return {}
    case 8:
      return { [random.pick(ODD_NAMES)]: new Raw(random.pick(ODD_NUMBERS)) }
    default:
      return nested(random)
  }
}

/** Brackets around brackets: the cheapest way to make a parser, and whoever walks the result, recurse. */
function nested(random: Random): Raw {
  const depth = random.pick([10, 63, 64, 65, 66, 200, 5_000, 20_000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[0,', ']'],
  ])
  return new Raw(`${open.repeat(depth)}1${close.repeat(depth)}`)
}
