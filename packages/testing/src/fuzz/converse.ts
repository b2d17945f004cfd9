import type { Random } from '../simulator/random.ts'
import { wireOf } from './attached.ts'
import type { Round } from './round.ts'
import type { Speech } from './speech.ts'
import type { Line, Victim } from './victim.ts'

/** What a frame that fits becomes before it is handed in. */
type Garble = (frame: readonly unknown[], random: Random) => string | Uint8Array

export interface Conversation {
  readonly round: Round
  readonly victim: Victim
  readonly speech: Speech
  readonly garble: Garble
  /** Frames of it; `FRAMES` where nothing is said. */
  readonly frames?: number
}

const FRAMES = 60

/** A socket lets no more through: PROTOCOL.md, "frameBytes". Three bytes a character at most. */
const MAX_CHARACTERS = 43_000

/**
 * Talks to an end under test: mostly as a correct peer does, so that it gets somewhere, with some frames garbled. How
 * many those are is the round's own; so is where on a connection they begin.
 */
export async function converse({ round, victim, speech, garble, frames = FRAMES }: Conversation): Promise<void> {
  const { random } = round
  const share = random.pick([0, 0.02, 0.1, 0.3, 0.8])
  let line: Line | undefined
  for (let left = frames; left > 0 && !round.hasCrashed; left--) {
    if (line?.isOpen !== true || (victim.takesAnother && random.chance(0.02))) {
      // What was under way when it closed still arrives.
      if (random.chance(0.1)) line?.give(wireOf(speech.next()))
      speech.begin()
      line = await victim.open((frame) => speech.hear(frame))
      if (line === undefined) break
    }
    const frame = speech.next()
    line.give(limited(random.chance(share) ? garble(frame, random) : wireOf(frame)))
    if (random.chance(0.8)) await round.settle()
    if (random.chance(0.03)) await round.pass(random.pick([1, 100, 3_000, 20_000]))
    if (random.chance(0.01)) line.cut()
    if (victim.disturb !== undefined && random.chance(0.01)) victim.disturb(random)
  }
  await victim.rest()
}

function limited(frame: string | Uint8Array): string | Uint8Array {
  return typeof frame === 'string' ? frame.slice(0, MAX_CHARACTERS) : frame.subarray(0, 3 * MAX_CHARACTERS)
}
