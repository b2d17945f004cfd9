import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'
import { clientFrame, OPCODES } from '../wire/frames.ts'

const SOCKETS = 500

/** Nearly all of the largest frame there may be. */
const SENT_BYTES = 120_000

/** Frames that begin and never end, of clients that were let in. */
export const unfinishedFrames: Attack = {
  name: 'unfinished-frames',
  scenario: 'X5',
  title: 'frames whose end never comes, half of them in two fragments',
  defences: ['messageTimeoutMs'],
  // A whole frame, and what any socket takes.
  maxBytes: (128 + 64) * 1024,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
      const half = Buffer.alloc(SENT_BYTES / 2, 'x')
      if (index % 2 === 0) {
        socket.send(clientFrame({ opcode: OPCODES.text, payload: half, isUnfinished: true }))
        socket.send(
          clientFrame({ opcode: OPCODES.continuation, payload: half, declaredBytes: BigInt(half.length + 1) }),
        )
      } else {
        const payload = Buffer.concat([half, half])
        socket.send(clientFrame({ opcode: OPCODES.text, payload, declaredBytes: BigInt(SENT_BYTES + 1) }))
      }
      await socket.drained()
    })
    return {
      sockets: ground.ends.held,
      notes: [],
      async finish() {
        await until(() => ground.ends.isOver, ground.patience(40))
        return {}
      },
    }
  },
  judge: ({ ends }) => (ends.held > 0 ? [`${ends.held} were never told to finish`] : []),
}
