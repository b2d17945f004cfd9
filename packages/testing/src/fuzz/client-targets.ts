import { converse } from './converse.ts'
import { FuzzedClient } from './fuzzed-client.ts'
import { garbleBinary, garbleBytes, garbleFrame } from './garble.ts'
import { ServerSpeech } from './server-speech.ts'
import type { Target } from './target.ts'

/** A client that gets bytes and text from whoever it has called. */
export const clientBytes: Target = {
  name: 'client bytes',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedClient(round),
      speech: new ServerSpeech(round.random.fork()),
      garble: garbleBytes,
    }),
}

/** The same with frames that are nearly right. */
export const clientFrames: Target = {
  name: 'client frames',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedClient(round),
      speech: new ServerSpeech(round.random.fork()),
      garble: garbleFrame,
    }),
}

/** The same with binary frames. */
export const clientBinary: Target = {
  name: 'client binary',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedClient(round),
      speech: new ServerSpeech(round.random.fork()),
      garble: garbleBinary,
    }),
}
