import { randomBytes } from 'node:crypto'
import type { Attack } from '../attack.ts'
import { eachOf, oneOfFew } from '../crowd.ts'
import { textFrame } from '../wire/frames.ts'

const GUESSES = 1_000_000
const SECONDS = 15

/** Secrets of a session whose id is known, guessed from a few addresses: one a connection is all there is. */
export const resumeGuessing: Attack = {
  name: 'resume-guessing',
  scenario: 'X25',
  title: '15 s of guesses at the secret of a session, from four addresses',
  defences: ['failedResumesPerMinute', 'upgradesPerSecond', 'upgradesBurst'],
  isProxied: true,
  maxBytes: 64 * 1024,
  async besiege(ground) {
    const owner = ground.open()
    await owner.upgrade({ 'x-forwarded-for': '198.51.100.2' })
    const session = (await owner.greet({ user: 'owner' }))?.session ?? 'none'
    let [answered, hits] = [0, 0]
    const tried = await eachOf(
      GUESSES,
      async (index) => {
        const socket = ground.open()
        if (!(await socket.upgrade(oneOfFew(index)))) return new Promise(setImmediate)
        const heard = new Promise<void>((resolve) => {
          socket.onText = (text) => {
            answered++
            if (text.startsWith('["resumed"')) hits++
            resolve()
          }
        })
        const secret = randomBytes(32).toString('base64url')
        const fields = { version: 1, auth: { user: 'owner' }, session, secret, generation: 2 + index, received: 0 }
        socket.send(textFrame(['resume', fields]))
        await Promise.race([heard, socket.ended])
        socket.leave()
      },
      { seconds: ground.patience(SECONDS) },
    )
    return {
      sockets: tried,
      notes: [`${tried} tried, ${answered} answered, ${hits} hits`],
      finish: async () => ({ hits, ownerIsOpen: Number(owner.isOpen) }),
    }
  },
  judge: ({ facts }) => [
    ...(facts.hits === 0 ? [] : [`${facts.hits} guesses were right`]),
    ...(facts.ownerIsOpen === 1 ? [] : ['the owner was thrown out']),
  ],
}
