import type { Attack } from '../attack.ts'
import { eachOf } from '../crowd.ts'
import { clientFrame, OPCODES } from '../wire/frames.ts'

const SOCKETS = 100
const FRAGMENTS = 20_000

/** Fragments that are written at once. */
const BATCH = 200

/** Messages of ever more fragments, tiny ones and empty ones. */
export const fragments: Attack = {
  name: 'fragments',
  scenario: 'X6',
  title: '20,000 tiny or empty fragments of one message',
  defences: [],
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
      socket.send(clientFrame({ opcode: OPCODES.text, payload: Buffer.from('['), isUnfinished: true }))
      const payload = Buffer.alloc(index % 2, ' ')
      const one = clientFrame({ opcode: OPCODES.continuation, payload, isUnfinished: true })
      const batch = Buffer.concat(Array.from({ length: BATCH }, () => one))
      for (let left = FRAGMENTS / BATCH; left > 0 && socket.isOpen; left--) {
        socket.send(batch)
        await socket.drained()
      }
    })
    return { sockets, notes: [], finish: async () => ({}) }
  },
  judge: ({ ends }) => (ends.held > 0 ? [`${ends.held} were never closed`] : []),
}
