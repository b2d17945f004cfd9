import { hotline, type Server, serve } from '@hotline/server'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Attacker } from './fixture/attacker.ts'

const h = hotline<object>()
let runs = 0
const api = h.router({ count: h.query(() => ++runs) })

let server: Server
beforeAll(async () => {
  server = await serve(api, { port: 0, logger: { debug() {}, info() {}, warn() {}, error() {} } })
})
afterAll(() => server.close())

/** What JSON can put in an id's place. */
const ODDITIES = [0, -1, 1.5, 2, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e300, '1', '', null, true, [], [1], {}]

/** Whether a server that has had these ids may take another. At most 256 may be missing at a time. */
function isAllowed(id: unknown, used: ReadonlySet<number>): boolean {
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1 || id % 2 === 0 || used.has(id)) return false
  const highest = Math.max(-1, ...used, id)
  return id < Math.max(-1, ...used) || (highest + 1) / 2 - used.size - 1 <= 256
}

describe('the ids of a stranger', () => {
  it.each(ODDITIES.map((id) => [JSON.stringify(id), id]))('X20: %s ends the session', async (_, id) => {
    const attacker = await Attacker.at(server.port)
    attacker.say(['call', id, 'count'])
    expect(await attacker.closed).toMatchObject({ code: 4400 })
  })

  it('X20: run once each up to the first that breaks a rule, and then the session is gone', async () => {
    const near = fc.integer({ min: -4, max: 12 }).map((jump) => ({ jump }))
    const any = fc.oneof(
      { weight: 40, arbitrary: fc.constant({ jump: 2 }) },
      { weight: 6, arbitrary: near },
      { weight: 2, arbitrary: fc.integer({ min: 500, max: 530 }).map((jump) => ({ jump })) },
      { weight: 1, arbitrary: fc.constantFrom(...ODDITIES).map((id) => ({ id })) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 40 }), async (steps) => {
        const attacker = await Attacker.at(server.port)
        const [used, before] = [new Set<number>(), runs]
        let last = -1
        for (const step of steps) {
          const id = 'id' in step ? step.id : last + step.jump
          attacker.say(['call', id, 'count'])
          if (!isAllowed(id, used)) {
            expect(await attacker.closed).toMatchObject({ code: 4400 })
            break
          }
          // A number, then.
          used.add(id as number)
          last = id as number
        }
        await attacker.until(() => attacker.ended === used.size)
        expect(runs - before).toBe(used.size)
        attacker.socket.terminate()
      }),
      { numRuns: 60 },
    )
    expect(server.stats().running).toBe(0)
  })
})
