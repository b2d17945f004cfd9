import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'
import { clientFrame, OPCODES } from '../wire/frames.ts'

const SOCKETS = 300

const DECLARED = [2n ** 63n - 1n, 2n ** 53n, 100_000_000n, 131_073n] as const

const CHUNKS = 20

/** Frames that say they are larger than any may be, and send on. */
export const oversizeFrames: Attack = {
  name: 'oversize-frames',
  scenario: 'X7',
  title: 'frames declared as up to 2^63 bytes, before and after welcome',
  defences: [],
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const sockets = ground.size(SOCKETS)
    const chunk = Buffer.alloc(50_000, 'x')
    await eachOf(sockets, async (index) => {
      const socket = ground.open()
      if (!(await socket.upgrade())) return
      if (index % 2 === 0 && !(await socket.greet({ user: `u${index}` }))) return
      socket.send(clientFrame({ opcode: OPCODES.binary, declaredBytes: DECLARED[index % DECLARED.length] ?? 0n }))
      for (let left = CHUNKS; left > 0 && socket.isOpen; left--) {
        socket.send(chunk)
        await socket.drained()
      }
    })
    await until(() => ground.ends.isOver, 5)
    return { sockets, notes: [], finish: async () => ({}) }
  },
  judge: ({ ends }) => (ends.held > 0 ? [`${ends.held} were never closed`] : []),
}
