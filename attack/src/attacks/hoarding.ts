import type { Attack } from '../attack.ts'
import { eachOf } from '../crowd.ts'

const SESSIONS = 10_000

/** Sessions of one user that may wait. */
const MOST = 8

/** Sessions that are begun and left, all of one user (CVE-2026-56170). */
export const hoarding: Attack = {
  name: 'hoarding',
  scenario: 'X30',
  title: '10,000 sessions of one user, each left at once',
  defences: ['maxDetachedPerPrincipal', 'maxDetachedCharacters'],
  // Hardly any of them is there still.
  maxBytes: 1024,
  async besiege(ground) {
    const sessions = ground.size(SESSIONS)
    let welcomed = 0
    await eachOf(sessions, async () => {
      const socket = ground.open()
      if ((await socket.upgrade()) && (await socket.greet({ user: 'one' }))) welcomed++
      socket.leave()
      await socket.ended
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { sockets: sessions, notes: [`${welcomed} sessions begun`], finish: async () => ({ welcomed }) }
  },
  judge: ({ load }) =>
    load.detachedSessions > MOST ? [`${load.detachedSessions} sessions are kept: at most ${MOST}`] : [],
}
