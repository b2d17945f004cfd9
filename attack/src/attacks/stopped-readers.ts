import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'

const SOCKETS = 100
const CALLS_EACH = 40

/** Clients that ask for forty mebibytes and read none of it. */
export const stoppedReaders: Attack = {
  name: 'stopped-readers',
  scenario: 'F9',
  title: '40 results of 1 MiB each for a reader that has stopped',
  defences: ['maxHeldCharacters'],
  maxBytes: 16 * 2 ** 20,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
      socket.stopReading()
      for (let n = 0; n < CALLS_EACH; n++) {
        socket.say(['call', 2 * n + 1, 'large'])
        await socket.drained()
      }
    })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return {
      sockets,
      notes: [],
      async finish() {
        await until(() => ground.ends.isOver, ground.patience(15))
        return {}
      },
    }
  },
  judge: () => [],
}
