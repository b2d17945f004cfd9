import { describe, expect, test } from 'vitest'
import { haveDialogue } from './dialogue.ts'
import type { Fault } from './simulation-options.ts'
import type { Side } from './watcher.ts'

/** Breaks the wire at one frame of one side. */
function cutAt(from: Side, index: number, where: 'before' | 'behind'): Fault {
  let sent = 0
  return (side) => (side === from && sent++ === index ? where : undefined)
}

/** Frames that each side sends where nothing breaks. */
async function framesOf(): Promise<Record<Side, number>> {
  const sent = { client: 0, server: 0 }
  await haveDialogue((side) => {
    sent[side]++
    return undefined
  })
  return sent
}

describe('A3: a dialogue that is cut', () => {
  test.each([
    ['client', 'before'],
    ['client', 'behind'],
    ['server', 'before'],
    ['server', 'behind'],
  ] as const)('at each frame of the %s, %s it, breaks no rule', async (side, where) => {
    const { [side]: frames } = await framesOf()
    expect(frames).toBeGreaterThan(15)
    for (let index = 0; index < frames; index++) {
      const { violations, cuts } = await haveDialogue(cutAt(side, index, where))
      expect({ index, violations }).toEqual({ index, violations: [] })
      // The last frame says bye: there the cut is the end.
      expect(cuts).toBeGreaterThan(index < frames - 1 ? 1 : 0)
    }
  })

  test('at each pair of neighbouring frames, so that the resume is cut too, breaks no rule', async () => {
    const { client } = await framesOf()
    for (let index = 0; index < client; index++) {
      const [first, second] = [cutAt('client', index, 'behind'), cutAt('server', index + 1, 'before')]
      const { violations } = await haveDialogue((side, frame) => first(side, frame) ?? second(side, frame))
      expect({ index, violations }).toEqual({ index, violations: [] })
    }
  })

  test('at each frame of the server breaks no rule where sessions have no grace either', async () => {
    const { server } = await framesOf()
    for (let index = 0; index < server; index++) {
      const { violations } = await haveDialogue(cutAt('server', index, 'before'), { graceMs: 0 })
      expect({ index, violations }).toEqual({ index, violations: [] })
    }
  })
})

describe('A9: a greeting', () => {
  const WORDS = ['hello', 'welcome', 'resume', 'resumed'] as const
  const TIMES = [1, 2, 3, 4, 5]

  test.each(WORDS.flatMap((word) => TIMES.map((times) => ({ word, times }))))(
    'whose "$word" is lost $times times in a row converges',
    async ({ word, times }) => {
      let lost = 0
      let isCut = false
      const { violations } = await haveDialogue((side, frame) => {
        if (frame.startsWith(`["${word}"`) && lost < times) {
          lost++
          return 'before'
        }
        // A resume needs a reason.
        if (isCut || side !== 'server' || !frame.startsWith('[3,')) return undefined
        isCut = true
        return 'behind'
      })
      expect(violations).toEqual([])
      expect(lost).toBe(times)
    },
  )
})
