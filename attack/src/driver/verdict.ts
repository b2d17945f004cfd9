import type { Attack } from '../attack.ts'
import { bytesEach, type Outcome } from '../outcome.ts'

/** No attack may keep the server from everybody else for longer. */
const MAX_BLOCK_MS = 50

/** What all sockets together may hold, however few they are: code is compiled, and caches fill. */
const LEAST_BYTES = 2 * 2 ** 20

/** What was promised and not held; nothing where all was. Times count only where `isTimed`: a busy machine has others. */
export function brokenBounds(attack: Attack, outcome: Outcome, isTimed: boolean): readonly string[] {
  const broken = [...attack.judge(outcome, isTimed)]
  const { held } = bytesEach(outcome)
  if (held > Math.max(attack.maxBytes, LEAST_BYTES / outcome.sockets))
    broken.push(`${kib(held)} held for each socket: at most ${kib(attack.maxBytes)}`)
  if (isTimed && outcome.block.cpuMs > MAX_BLOCK_MS)
    broken.push(`the event loop stood still for ${outcome.block.cpuMs.toFixed(0)} ms: at most ${MAX_BLOCK_MS}`)
  if (outcome.beside.failed > 0) broken.push(`${outcome.beside.failed} calls of somebody harmless failed`)
  return broken
}

export function kib(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
