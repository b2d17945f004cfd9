import type { Attack } from './attack.ts'
import { anteroom } from './attacks/anteroom.ts'
import { controlFlood } from './attacks/control-flood.ts'
import { fragments } from './attacks/fragments.ts'
import { hoarding } from './attacks/hoarding.ts'
import { oversizeFrames } from './attacks/oversize-frames.ts'
import { rapidReset } from './attacks/rapid-reset.ts'
import { resumeGuessing } from './attacks/resume-guessing.ts'
import { slowUpgrades } from './attacks/slow-upgrades.ts'
import { stoppedReaders } from './attacks/stopped-readers.ts'
import { streamFlood } from './attacks/stream-flood.ts'
import { unfinishedFrames } from './attacks/unfinished-frames.ts'

/** In the order in which they are made. */
export const ATTACKS: readonly Attack[] = [
  slowUpgrades,
  anteroom,
  unfinishedFrames,
  fragments,
  oversizeFrames,
  streamFlood,
  rapidReset,
  controlFlood,
  resumeGuessing,
  hoarding,
  stoppedReaders,
]
