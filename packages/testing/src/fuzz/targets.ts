import { changes } from './change-target.ts'
import { clientBinary, clientBytes, clientFrames } from './client-targets.ts'
import { serverGuarded, serverOpen } from './door-targets.ts'
import { serverBinary, serverBytes, serverFrames } from './server-targets.ts'
import type { Target } from './target.ts'
import { decode, encode } from './value-targets.ts'

/** All that is fuzzed. */
export const TARGETS: readonly Target[] = [
  serverBytes,
  clientBytes,
  serverFrames,
  clientFrames,
  serverBinary,
  clientBinary,
  serverGuarded,
  serverOpen,
  decode,
  encode,
  changes,
]
