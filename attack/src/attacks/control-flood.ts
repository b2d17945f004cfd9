import type { Attack } from '../attack.ts'
import { eachOf, until } from '../crowd.ts'
import { clientFrame, OPCODES, textFrame } from '../wire/frames.ts'
import type { RawSocket } from '../wire/raw-socket.ts'

const SOCKETS = 20
const FRAMES_EACH = 50_000
const BATCH = 500

/** Frames that cost their sender next to nothing. */
const FLOODS: readonly ((socket: RawSocket) => Buffer)[] = [
  () => repeated(textFrame(['ping'])),
  () => repeated(textFrame(['ack', 0])),
  () => repeated(clientFrame({ opcode: OPCODES.ping })),
  () => repeated(clientFrame({ opcode: OPCODES.pong })),
]

/** A kind of flood a socket: pings, acknowledgements, pings and pongs of WebSocket, and credit in single characters. */
export const controlFlood: Attack = {
  name: 'control-flood',
  scenario: 'X24',
  title: '50,000 pings, acks, credits, or pings of WebSocket a socket',
  defences: ['controlPerSecond', 'controlBurst'],
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const sockets = Math.max(FLOODS.length + 1, ground.size(SOCKETS))
    let frames = 0
    await eachOf(
      sockets,
      async (index) => {
        const socket = ground.open()
        if (!(await socket.upgrade()) || !(await socket.greet({ user: `u${index}` }))) return
        const flood = FLOODS[index % (FLOODS.length + 1)]?.(socket)
        if (flood === undefined) socket.say(['call', 1, 'silence'])
        for (let left = FRAMES_EACH / BATCH; left > 0 && socket.isOpen; left--) {
          if (flood !== undefined) socket.send(flood)
          else for (let n = BATCH; n > 0; n--) socket.say(['credit', 1, 1])
          frames += BATCH
          await socket.drained()
        }
      },
      { atOnce: SOCKETS },
    )
    // What was written is read in its own time.
    await until(() => ground.ends.isOver, ground.patience(5))
    return { sockets, notes: [`${frames} frames written`], finish: async () => ({ frames }) }
  },
  judge: ({ ends }) => (ends.held > 0 ? [`${ends.held} went on flooding`] : []),
}

function repeated(frame: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: BATCH }, () => frame))
}
