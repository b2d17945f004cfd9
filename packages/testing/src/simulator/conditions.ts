import type { Random } from './random.ts'
import { CALM, type Weather, weatherOf } from './weather.ts'

/** How often a server's `authenticate` does something else than to accept. Shares from 0 to 1. */
interface DoorKeeping {
  readonly slow: number
  readonly hangs: number
  readonly refuses: number
  readonly throws: number
}

/** How often an application's `auth` does something else than to answer. Shares from 0 to 1. */
interface TokenSource {
  readonly slow: number
  readonly hangs: number
  readonly throws: number
  /** It answers for another principal from then on. */
  readonly changes: number
}

/** All that one run happens under. */
export interface Conditions {
  readonly weather: Weather
  readonly door: DoorKeeping
  readonly tokens: TokenSource
  readonly clients: number
  /** Whether all clients are of one principal. */
  readonly isOnePrincipal: boolean
  /** Processes that serve at once, when nothing is wrong. */
  readonly servers: number
  /** Whether the balancer brings a client back to the process that has its session. */
  readonly isRouted: boolean
  readonly graceMs: number
  readonly maxDetachedPerPrincipal: number
  /** How long credentials hold; `undefined` for as long as the connection. */
  readonly expiresInMs: number | undefined
  /** Characters that a client keeps of calls which it can't send. */
  readonly queueCharacters: number
  /** Where keys are kept: in each process alone, or where all find them and a crash doesn't reach. */
  readonly keys: 'memory' | 'durable'
  /** Answers so large that what is kept for clients which are away runs full. */
  readonly hasLargeAnswers: boolean
}

/** Everything as it should be: for scripts, which bring their own trouble. */
export const GOOD_CONDITIONS: Conditions = {
  weather: CALM,
  door: { slow: 0, hangs: 0, refuses: 0, throws: 0 },
  tokens: { slow: 0, hangs: 0, throws: 0, changes: 0 },
  clients: 1,
  isOnePrincipal: false,
  servers: 1,
  isRouted: true,
  graceMs: 120_000,
  maxDetachedPerPrincipal: 8,
  expiresInMs: undefined,
  queueCharacters: 4 * 1024 * 1024,
  keys: 'memory',
  hasLargeAnswers: false,
}

/** Conditions of a seed's own: most are as they should be, so that each fault is also seen alone. */
export function conditionsOf(random: Random): Conditions {
  const sometimes = (most: number) => (random.chance(0.3) ? random.next() * most : 0)
  return {
    weather: weatherOf(random),
    door: { slow: sometimes(1), hangs: sometimes(0.2), refuses: sometimes(0.5), throws: sometimes(0.3) },
    tokens: {
      slow: sometimes(1),
      hangs: sometimes(0.2),
      throws: sometimes(0.3),
      changes: random.chance(0.05) ? 0.1 : 0,
    },
    clients: random.integer(1, 3),
    isOnePrincipal: random.chance(0.3),
    servers: random.pick([1, 1, 1, 2, 3]),
    isRouted: random.chance(0.7),
    graceMs: random.pick([120_000, 120_000, 120_000, 20_000, 3_000, 0]),
    maxDetachedPerPrincipal: random.pick([8, 8, 8, 1]),
    expiresInMs: random.chance(0.2) ? random.pick([2_000, 20_000]) : undefined,
    queueCharacters: random.chance(0.1) ? 2_000 : GOOD_CONDITIONS.queueCharacters,
    keys: random.pick(['memory', 'memory', 'durable']),
    hasLargeAnswers: random.chance(0.003),
  }
}
