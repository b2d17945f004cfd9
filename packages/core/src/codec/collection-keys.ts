// Engines hash numbers without a secret. Whoever chooses the keys of a Map or the members of a Set can have them all fall
// into one bucket, and then each that is added passes by all before it: 40,000 take three seconds.

/** Fewer can do no harm. */
const FEW = 64

/** Keys are dealt into so many bins, by what V8 would hash them to. */
const BINS = 1_024

/** Whether a collection with these keys is made in about as many steps as they are. Honest ones always are. */
export function areSpread(keys: readonly unknown[]): boolean {
  if (keys.length <= FEW) return true
  const bins = new Uint32Array(BINS)
  const most = FEW / 2 + (2 * keys.length) / BINS
  for (const key of keys) {
    if (typeof key !== 'number' && typeof key !== 'bigint') continue
    const bin = (typeof key === 'number' ? numberHash(key) : bigintHash(key)) % BINS
    const count = (bins[bin] ?? 0) + 1
    if (count > most) return false
    bins[bin] = count
  }
  return true
}

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)

function numberHash(key: number): number {
  if ((key | 0) === key) return shortHash(key)
  double[0] = key
  return longHash(halves[1] ?? 0, halves[0] ?? 0)
}

/** V8 takes the lowest 64 bits of the magnitude. */
function bigintHash(key: bigint): number {
  const magnitude = key < 0n ? -key : key
  return longHash(Number(BigInt.asUintN(32, magnitude >> 32n)), Number(BigInt.asUintN(32, magnitude)))
}

/**
 * V8's `ComputeUnseededHash`, for 32 bits.
 * @see https://github.com/v8/v8/blob/main/src/base/hashing.h
 */
function shortHash(key: number): number {
  let hash = ~key + (key << 15)
  hash ^= hash >>> 12
  hash = (hash + (hash << 2)) | 0
  hash ^= hash >>> 4
  hash = Math.imul(hash, 2_057)
  return (hash ^ (hash >>> 16)) & 0x3fff_ffff
}

/** V8's `ComputeLongHash`, for 64 bits in two halves. */
function longHash(high: number, low: number): number {
  // hash = ~hash + (hash << 18)
  let sum = (~low >>> 0) + ((low << 18) >>> 0)
  let upper = (~high + ((high << 18) | (low >>> 14)) + carry(sum)) | 0
  let lower = sum >>> 0
  // hash ^= hash >>> 31
  lower = (lower ^ ((lower >>> 31) | (upper << 1))) >>> 0
  upper ^= upper >>> 31
  // hash *= 21
  sum = lower * 21
  upper = (Math.imul(upper, 21) + carry(sum)) | 0
  lower = sum >>> 0
  // hash ^= hash >>> 11
  lower = (lower ^ ((lower >>> 11) | (upper << 21))) >>> 0
  upper ^= upper >>> 11
  // hash += hash << 6
  sum = lower + ((lower << 6) >>> 0)
  upper = (upper + ((upper << 6) | (lower >>> 26)) + carry(sum)) | 0
  lower = sum >>> 0
  // hash ^= hash >>> 22
  return (lower ^ ((lower >>> 22) | (upper << 10))) & 0x3fff_ffff
}

function carry(sum: number): number {
  return Math.floor(sum / 0x1_0000_0000)
}
