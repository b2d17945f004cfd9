import type { Random } from './random.ts'

/** How badly a network behaves. Shares are from 0 (never) to 1 (always). */
export interface Weather {
  readonly leastDelayMs: number
  readonly mostDelayMs: number
  /** Connections that are refused at once. */
  readonly refused: number
  /** Connections that neither open nor fail. */
  readonly unanswered: number
  /** Connections that are cut once a chosen number of characters went one way; the message in which that happens is lost. */
  readonly cutInside: number
  /** Closing handshakes that never arrive: both ends see 1006. */
  readonly lostClose: number
  /** Cuts that one end learns of long after the other. */
  readonly lateClose: number
  /** Cuts after which what was swallowed may come out still, to an end that hasn't learned of the cut. */
  readonly lingers: number
  /** `send`s that throw. */
  readonly throwingSend: number
}

/** A network that only takes its time. */
export const CALM: Weather = {
  leastDelayMs: 1,
  mostDelayMs: 20,
  refused: 0,
  unanswered: 0,
  cutInside: 0,
  lostClose: 0,
  lateClose: 0,
  lingers: 0,
  throwingSend: 0,
}

/** A bad day of its own for each seed: most of them spare some of the faults, so that the others are seen alone. */
export function weatherOf(random: Random): Weather {
  const sometimes = (most: number) => (random.chance(0.5) ? random.next() * most : 0)
  const leastDelayMs = random.pick([0, 1, 20])
  return {
    leastDelayMs,
    mostDelayMs: leastDelayMs + random.pick([0, 5, 80, 600]),
    refused: sometimes(0.4),
    unanswered: sometimes(0.1),
    cutInside: sometimes(0.6),
    lostClose: sometimes(0.5),
    lateClose: sometimes(0.5),
    lingers: sometimes(1),
    throwingSend: sometimes(0.01),
  }
}
