import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'

const SOCKETS = 50
const OPENS_EACH = 2_000
const BATCH = 50

/** Streams that may be open on one connection. */
const MOST = 128

/** Subscriptions, as many as one can ask for. */
export const streamFlood: Attack = {
  name: 'stream-flood',
  scenario: 'X22',
  title: '100,000 subscriptions, 2,000 a socket',
  defences: ['maxStreams', 'opensPerSecond', 'opensBurst'],
  // 128 generators with their buffers are a client's right, and what it hasn't acknowledged.
  maxBytes: 2 * 2 ** 20,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    let opened = 0
    let refused = 0
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
      socket.onText = (text) => {
        refused += text.split('TOO_MANY_STREAMS').length - 1
      }
      for (let at = 0; at < OPENS_EACH && socket.isOpen; at += BATCH) {
        socket.say(...Array.from({ length: BATCH }, (_, n) => ['call', 2 * (at + n) + 1, 'silence']))
        opened += BATCH
        await socket.drained()
      }
    })
    // What was written is read in its own time.
    await until(() => ground.ends.isOver, ground.patience(5))
    return {
      sockets,
      notes: [`${opened} opened, ${refused} answered TOO_MANY_STREAMS`],
      finish: async () => ({ opened, refused }),
    }
  },
  judge: ({ load }) => (load.mostOfOne > MOST ? [`${load.mostOfOne} ran for one connection: at most ${MOST}`] : []),
}
