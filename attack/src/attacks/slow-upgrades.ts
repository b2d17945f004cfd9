import type { Attack } from '../attack.ts'
import { eachOf, oneOfFew, until } from '../crowd.ts'
import { type RawSocket, upgradeRequest } from '../wire/raw-socket.ts'

const SOCKETS = 5_000

/** So many that the limits per address leave room for others. */
const ADDRESSES = 10

/** Whoever says nothing that leads anywhere is gone by then. */
const REAPED_MS = 15_000

/** Some begin only then: as late as they may. */
const LATE_SECONDS = 8

/** Somebody who sends a head a byte at a time, and never its end. */
interface Dribbler {
  readonly socket: RawSocket
  readonly begins: number
  readonly head: string
  sent: number
}

/**
 * A third sends its head a byte a second, half of them after a long silence; a third sends nothing; a third is silent
 * once it is upgraded.
 */
export const slowUpgrades: Attack = {
  name: 'slow-upgrades',
  scenario: 'X4',
  title: 'sockets that dribble, say nothing, or are silent after 101',
  defences: ['headersTimeoutMs', 'helloTimeoutMs', 'maxUnauthenticated', 'maxUnauthenticatedPerAddress'],
  isProxied: true,
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const dribblers: Dribbler[] = []
    const sockets = ground.size(SOCKETS)
    const lateMs = ground.patience(LATE_SECONDS) * 1_000
    const dribble = setInterval(() => dribbleAll(dribblers), 1_000)
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (index % 3 === 0) await socket.upgrade(oneOfFew(index, ADDRESSES))
      else await socket.opened()
      if (index % 3 !== 1) return
      dribblers.push({ socket, begins: performance.now() + (index % 2) * lateMs, head: upgradeRequest(), sent: 0 })
    })
    return {
      sockets,
      notes: [],
      async finish() {
        await until(() => ground.ends.isOver, ground.patience(30))
        clearInterval(dribble)
        return {}
      },
    }
  },
  judge({ ends, quiet, beside }, isTimed) {
    const broken: string[] = []
    if (ends.held > 0) broken.push(`${ends.held} sockets were never reaped`)
    if (isTimed && ends.longestMs > REAPED_MS) broken.push(`one lived for ${(ends.longestMs / 1_000).toFixed(1)} s`)
    // Below so much, twice as long is the machine's doing.
    if (isTimed && beside.connectP99Ms > Math.max(2 * quiet.connectP99Ms, NOTICEABLE_MS))
      broken.push(`connecting took ${beside.connectP99Ms.toFixed(0)} ms instead of ${quiet.connectP99Ms.toFixed(0)}`)
    return broken
  },
}

const NOTICEABLE_MS = 30

function dribbleAll(dribblers: readonly Dribbler[]): void {
  const now = performance.now()
  for (const dribbler of dribblers) {
    if (now < dribbler.begins) continue
    dribbler.socket.send(dribbler.head[dribbler.sent % (dribbler.head.length - 2)] ?? '')
    dribbler.sent++
  }
}
