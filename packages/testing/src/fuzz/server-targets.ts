import { ClientSpeech } from './client-speech.ts'
import { converse } from './converse.ts'
import { FuzzedServer } from './fuzzed-server.ts'
import { garbleBinary, garbleBytes, garbleFrame } from './garble.ts'
import type { Target } from './target.ts'

/** A server's connection that gets bytes and text: before, while and after it lets somebody in. */
export const serverBytes: Target = {
  name: 'server bytes',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedServer(round),
      speech: new ClientSpeech(round.random.fork()),
      garble: garbleBytes,
    }),
}

/** The same with frames that are nearly right. */
export const serverFrames: Target = {
  name: 'server frames',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedServer(round),
      speech: new ClientSpeech(round.random.fork()),
      garble: garbleFrame,
    }),
}

/** The same with binary frames. */
export const serverBinary: Target = {
  name: 'server binary',
  run: (round) =>
    converse({
      round,
      victim: new FuzzedServer(round),
      speech: new ClientSpeech(round.random.fork()),
      garble: garbleBinary,
    }),
}
