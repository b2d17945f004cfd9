import type { Random } from '../simulator/random.ts'

/** Bytes at which lengths and signs end. */
const ODD_BYTES: readonly [number, ...number[]] = [
  0, 1, 0x7f, 0x80, 0xc0, 0xc1, 0xed, 0xf4, 0xf5, 0xfe, 0xff, 0x5b, 0x22,
]

/** Bytes that resemble `bytes`. */
export function mutateBytes(bytes: Uint8Array, random: Random, times = 1): Uint8Array {
  let changed = bytes
  for (; times > 0; times--) changed = changeOnce(changed, random)
  return changed
}

function changeOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(0, bytes.length)
  const end = Math.min(bytes.length, at + random.pick([1, 1, 2, 4, 16]))
  switch (random.integer(0, 5)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return joined(bytes.subarray(0, at), bytes.subarray(end))
    case 2:
      return joined(bytes.subarray(0, end), bytes.subarray(at))
    case 3:
      return joined(bytes.subarray(0, at), randomBytes(random, random.integer(1, 8)), bytes.subarray(at))
    case 4: {
      const flipped = bytes.slice()
      if (flipped.length > 0)
        flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << random.integer(0, 7))
      return flipped
    }
    default: {
      const changed = bytes.slice()
      for (let index = at; index < end; index++) changed[index] = random.pick(ODD_BYTES)
      return changed
    }
  }
}

/** Bytes of nothing in particular. */
export function randomBytes(random: Random, length: number): Uint8Array {
  const isOdd = random.chance(0.5)
  return Uint8Array.from({ length }, () => (isOdd ? random.pick(ODD_BYTES) : random.integer(0, 255)))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
