import type { Attack, Ground } from '../attack.ts'
import { eachOf } from '../crowd.ts'
import { clientFrame, OPCODES, textFrame } from '../wire/frames.ts'
import { hello, upgradeRequest } from '../wire/raw-socket.ts'

const SOCKETS = 5_000

/** As much as may come before `welcome`. */
const LARGE = 7_000

/** Ways to wait in front of the door, and to be in the way. */
const WAITING: readonly ((ground: Ground) => Promise<void>)[] = [
  async (ground) => void (await ground.open().opened()),
  async (ground) => {
    const socket = ground.open()
    if (await socket.opened()) socket.send(upgradeRequest({ cookie: 'x'.repeat(LARGE) }).slice(0, -2))
  },
  async (ground) => void (await ground.open().upgrade()),
  async (ground) => {
    const socket = ground.open()
    if (!(await socket.upgrade())) return
    const payload = Buffer.alloc(LARGE, 'x')
    socket.send(clientFrame({ opcode: OPCODES.text, payload, declaredBytes: 100_000n }))
  },
  async (ground) => {
    const socket = ground.open()
    if (!(await socket.upgrade())) return
    socket.send(textFrame(['hello', hello({ hangs: true })]))
    for (let left = 6; left > 0; left--) socket.send(textFrame([1, 0, ['call', 1, 'echo', 'x'.repeat(1_000)]]))
  },
]

/** Nobody has vouched for any of them, and each takes what it may. */
export const anteroom: Attack = {
  name: 'anteroom',
  scenario: 'H1',
  title: 'sockets that wait before they are let in, each with all it may send',
  defences: ['maxUnauthenticated', 'headersTimeoutMs', 'helloTimeoutMs', 'authenticateTimeoutMs'],
  maxBytes: 64 * 1024,
  async besiege(ground) {
    await eachOf(ground.size(SOCKETS), async (index) => WAITING[index % WAITING.length]?.(ground))
    return {
      sockets: ground.ends.held,
      notes: [`${ground.ends.held} held at once`],
      finish: async () => ({}),
    }
  },
  judge: () => [],
}
