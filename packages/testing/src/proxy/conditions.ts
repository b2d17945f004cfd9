/** What a line does to the bytes that travel one way. */
export interface Conditions {
  /** Every byte arrives this much later. */
  readonly latencyMs: number
  /** No more gets through in a second. */
  readonly bytesPerSecond: number
  /** Nothing gets through until this ends; then all that waited arrives in one burst. */
  readonly isStalled: boolean
  /**
   * Bytes vanish, ends and resets too, while the connection stays open. A connection that lost some stays a hole to its
   * end, since what came later would make no sense without them; connections made afterwards are not concerned.
   */
  readonly isHole: boolean
  /** Each connection is reset once this many bytes of it got through; exactly these arrive. */
  readonly cutAfterBytes: number
}

/** A line without faults. */
export const CLEAR: Conditions = {
  latencyMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  isStalled: false,
  isHole: false,
  cutAfterBytes: Number.POSITIVE_INFINITY,
}

/** @throws TypeError for what is no condition, or no number from 0 where one is wanted. */
export function checkConditions(way: Way, conditions: Partial<Conditions> = {}): void {
  for (const [name, value] of Object.entries(conditions)) {
    if (!Object.hasOwn(CLEAR, name)) throw new TypeError(`"${way}" has "${name}", which is no condition of a line.`)
    if (name.startsWith('is')) continue
    if (!(typeof value === 'number' && value >= 0))
      throw new TypeError(`"${way}.${name}" is ${String(value)}: give a number from 0.`)
    if (name === 'latencyMs' && value === Number.POSITIVE_INFINITY)
      throw new TypeError(`"${way}.${name}" is ${value}: give isStalled, which holds everything.`)
  }
}

/** From the client to the server, or back. */
export type Way = 'up' | 'down'
