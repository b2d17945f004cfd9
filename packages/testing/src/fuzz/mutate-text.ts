import type { Random } from '../simulator/random.ts'
import { ODD_NAMES, ODD_NUMBERS } from './odd-values.ts'

/** Characters that mean something in JSON, or to whoever counts characters. */
const ODD_CHARACTERS: readonly [string, ...string[]] = [
  ...(['"', '\\', '[', ']', '{', '}', ',', ':', '-', '.', 'e', '0', '1', '9', ' ', '\n', '\t'] as const),
  ...[
    '\u0000',
    '\u001f',
    '\u007f',
    '\u0080',
    '\u00e9',
    '\u2028',
    '\ud800',
    '\udc00',
    '\ufeff',
    '\uffff',
    '\\u',
    '\\u0000',
  ],
]

/** Text that resembles `text`. */
export function mutateText(text: string, random: Random, times = 1): string {
  let changed = text
  for (; times > 0; times--) changed = changeOnce(changed, random)
  return changed
}

function changeOnce(text: string, random: Random): string {
  const at = random.integer(0, text.length)
  const end = Math.min(text.length, at + random.pick([1, 1, 2, 4, 16, 64]))
  const [before, middle, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)]
  switch (random.integer(0, 8)) {
    case 0:
      return before
    case 1:
      return before + after
    case 2:
      return before + middle.repeat(random.pick([2, 3, 100])) + after
    case 3:
      return before + after + middle
    case 4:
      return before + random.pick(ODD_NUMBERS) + after
    case 5:
      return before + JSON.stringify(random.pick(ODD_NAMES)) + after
    case 6:
      return before + String.fromCharCode(random.integer(0, 0xffff)) + after
    case 7:
      return text.replace(/\d+/, random.pick(ODD_NUMBERS))
    default:
      return before + random.pick(ODD_CHARACTERS) + middle + after
  }
}

/** Text of nothing in particular. */
export function randomText(random: Random): string {
  const length = random.pick([0, 1, 2, 5, 20, 100, 1_000])
  const isOdd = random.chance(0.7)
  let text = ''
  while (text.length < length)
    text += isOdd ? random.pick(ODD_CHARACTERS) : String.fromCharCode(random.integer(0, random.pick([0x7f, 0xffff])))
  return text
}
