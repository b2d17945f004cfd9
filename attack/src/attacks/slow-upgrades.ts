import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'
import { type RawSocket, upgradeRequest } from '../wire/raw-socket.ts'

const SOCKETS = 5_000

/** Whoever says nothing that leads anywhere is gone by then. */
const REAPED_MS = 15_000

/** A third sends its head a byte a second, a third sends nothing, a third is silent once it is upgraded. */
export const slowUpgrades: Attack = {
  name: 'slow-upgrades',
  scenario: 'X4',
  title: 'sockets that dribble, say nothing, or are silent after 101',
  defences: ['headersTimeoutMs', 'helloTimeoutMs', 'maxUnauthenticated'],
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const dribbling: RawSocket[] = []
    const sockets = ground.size(SOCKETS)
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (index % 3 === 0) await socket.upgrade()
      else await socket.opened()
      if (index % 3 === 1) dribbling.push(socket)
    })
    const head = upgradeRequest()
    let at = 0
    const dribble = setInterval(() => {
      for (const socket of dribbling) socket.send(head[at % (head.length - 2)] ?? '')
      at++
    }, 1_000)
    return {
      sockets,
      notes: [],
      async finish() {
        await until(() => ground.ends.isOver, ground.patience(20))
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
