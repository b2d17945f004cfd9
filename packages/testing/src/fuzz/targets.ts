import { clientBytes, clientFrames } from './client-targets.ts'
import { serverBytes, serverFrames } from './server-targets.ts'
import type { Target } from './target.ts'
import { decode, encode } from './value-targets.ts'

/** All that is fuzzed. */
export const TARGETS: readonly Target[] = [serverBytes, clientBytes, serverFrames, clientFrames, decode, encode]
