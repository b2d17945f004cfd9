import type { Change } from '@hotline/core'
import { diff, patch, superjsonCodec } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { mutateJson } from './mutate-json.ts'
import { randomValue } from './random-value.ts'
import { rawJson } from './raw-json.ts'
import type { Round } from './round.ts'
import { isSameValue } from './same-value.ts'
import type { Target } from './target.ts'
import { weigh } from './weigh.ts'

/** Changes of one round: then the event loop gets its turn. */
const CHANGES = 20

/** What a live query sends of a value that changed, and what its reader makes of changes that were never one's. */
export const changes: Target = {
  name: 'changes',
  async run(round) {
    for (let left = CHANGES; left > 0; left--) changeOne(round)
    await round.settle()
  },
}

function changeOne(round: Round): void {
  const { random } = round
  const before = randomList(random)
  const after = random.chance(0.3) ? randomList(random) : edited(before, random)
  const change = diff(before, after)
  if (!isSameValue(change === undefined ? before : patch(before, change), after)) {
    return round.crash(`${superjsonCodec.encode(change).json} does not make one value of the other`)
  }
  if (change !== undefined) applyStrangers(round, before, change)
}

/** A change that was altered on its way is refused, or makes a value that it had the characters for. */
function applyStrangers(round: Round, before: unknown, change: Change): void {
  const box: unknown[] = [JSON.parse(superjsonCodec.encode(change).json)]
  mutateJson(box, round.random, round.random.integer(1, 3))
  const text = rawJson(box[0])
  const altered: unknown = JSON.parse(text)
  if (typeof altered !== 'object' || altered === null) return
  let value: unknown
  round.give(
    () => text,
    () => {
      try {
        // Whatever it is by now: that is what is tried.
        value = patch(before, altered as Change)
      } catch (error) {
        if (!(error instanceof Error)) throw error
      }
    },
  )
  const most = weigh(before, Number.POSITIVE_INFINITY) + 16 * text.length + 1_000
  if (weigh(value, most) > most) round.crash(`${text} makes a value of more than ${most} bytes`)
}

/** Rows as a table has them, and whatever else a query may give. */
function randomList(random: Random): unknown {
  if (random.chance(0.2)) return randomValue(random)
  return Array.from({ length: random.integer(0, 12) }, () => ({ id: random.integer(0, 15), row: randomValue(random) }))
}

/** Rows removed, moved, added and changed. */
function edited(before: unknown, random: Random): unknown {
  if (!Array.isArray(before)) return random.chance(0.5) ? before : [before]
  const after: unknown[] = [...before]
  for (let left = random.integer(0, 4); left > 0; left--) {
    const row = random.chance(0.6) ? after.splice(random.integer(0, after.length), 1)[0] : undefined
    const place = random.integer(0, after.length)
    if (random.chance(0.7)) after.splice(place, 0, row ?? { id: random.integer(16, 99), row: randomValue(random) })
    else after.splice(place, 1, { id: random.integer(0, 15), row: randomValue(random) })
  }
  return after
}
