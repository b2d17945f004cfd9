import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack } from '../attack.ts'
import { eachOf } from '../crowd.ts'

const SOCKETS = 20
const PAIRS_EACH = 50_000
const BATCH = 100
const SECONDS = 20
const LAST_SECONDS = 3

/** Calls that may run for one connection, cancelled ones included. */
const MOST = 256

/** Calls that are cancelled at once, of a handler that runs on (CVE-2023-44487); who is thrown out comes again. */
export const rapidReset: Attack = {
  name: 'rapid-reset',
  scenario: 'X23',
  title: '1,000,000 calls cancelled at once, or 20 s of them',
  defences: ['maxCalls', 'opensPerSecond', 'opensBurst'],
  maxBytes: 2 * 2 ** 20,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    const pairsEach = ground.size(PAIRS_EACH)
    const until = performance.now() + ground.patience(SECONDS) * 1_000
    let pairs = 0
    await eachOf(
      sockets,
      async (index) => {
        for (let mine = 0; mine < pairsEach && performance.now() < until; ) {
          const socket = ground.open()
          if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
          for (let id = 1; socket.isOpen && mine < pairsEach && performance.now() < until; mine += BATCH) {
            const batch = Array.from({ length: BATCH }, (_, n) => [
              ['call', id + 2 * n, 'deaf'],
              ['cancel', id + 2 * n],
            ])
            socket.say(...batch.flat())
            id += 2 * BATCH
            pairs += BATCH
            await socket.drained()
          }
          // What was written is read in its own time.
          await Promise.race([socket.ended, sleep(ground.patience(LAST_SECONDS) * 1_000)])
          socket.leave()
        }
      },
      { atOnce: SOCKETS },
    )
    return { sockets, notes: [`${pairs} pairs`], finish: async () => ({ pairs }) }
  },
  judge: ({ load }) => [
    ...(load.mostOfOne > MOST ? [`${load.mostOfOne} handlers ran for one connection: at most ${MOST}`] : []),
    ...(load.running > 0 ? [`${load.running} handlers still ran when it was over`] : []),
  ],
}
