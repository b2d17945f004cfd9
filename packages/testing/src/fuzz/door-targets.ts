import { ClientSpeech, type Fates } from './client-speech.ts'
import { converse } from './converse.ts'
import { type Door, FuzzedServer } from './fuzzed-server.ts'
import { garbleBinary, garbleBytes, garbleFrame } from './garble.ts'
import { OutOfTurn } from './out-of-turn.ts'
import type { Target } from './target.ts'

/** Long conversations: making a server costs as much as a hundred frames. */
const FRAMES = 500

/** Mostly not simply let in: there is more to see before and at the end of it. */
const FATES: Fates = [
  'accept',
  'accept',
  'accept',
  'wait',
  'wait',
  'late',
  'refuse',
  'forbid',
  'fail',
  'expire',
  'expire',
]

/** A server that asks who comes: before hello, while it asks, when it has refused, when credentials run out, and when they are revoked. */
export const serverGuarded: Target = { name: 'server guarded', run: throughTheDoor('guarded') }

/** A server that lets in whoever comes: still nothing runs before a greeting is answered. */
export const serverOpen: Target = { name: 'server open', run: throughTheDoor('open') }

function throughTheDoor(door: Door): Target['run'] {
  return (round) => {
    const garble = round.random.pick([garbleBytes, garbleFrame, garbleFrame, garbleBinary])
    const client = new ClientSpeech(round.random.fork(), FATES)
    const speech = new OutOfTurn(client, round.random.fork())
    return converse({ round, victim: new FuzzedServer(round, door), speech, garble, frames: FRAMES })
  }
}
