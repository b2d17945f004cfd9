import { describe, expect, test } from 'vitest'
import { GOOD_CONDITIONS } from './conditions.ts'
import type { OperationKind } from './history.ts'
import type { Operation } from './operation.ts'
import { Random } from './random.ts'
import { World } from './world.ts'

const ROLLS_AT_MS = [2_000, 12_000, 22_000]
const DEADLINE_MS = 5_000
const LONGEST_CALL_MS = 3_000

function operation(kind: OperationKind, task: Partial<Operation['task']>): Operation {
  const plain = { does: 'answer', delayMs: 0, padding: 0, bytes: 0, items: 0, everyMs: 0 } as const
  const reading = { by: 'observer', pauseMs: 0, leaveAfter: undefined } as const
  return { kind, key: 'none', task: { ...plain, ...task }, timeoutMs: undefined, cancelAfterMs: undefined, reading }
}

/** Three processes are replaced one after the other while their clients call and read. */
async function roll(seed: number) {
  const world = new World(new Random(seed), { ...GOOD_CONDITIONS, clients: 4, servers: 3 })
  const { clock, clients, fleet, history } = world
  fleet.start()
  for (const client of clients) {
    clock.schedule(() => world.perform(operation('tracked', { items: 150, everyMs: 200 }), client), 0)
    for (let at = 0; at < 30_000; at += 400) {
      const delayMs = (at * 7) % LONGEST_CALL_MS
      clock.schedule(() => world.perform(operation('mutation', { delayMs }), client), at)
    }
  }
  for (const [number, at] of ROLLS_AT_MS.entries()) {
    clock.schedule(() => {
      const process = fleet.processes[number]
      if (process !== undefined) void fleet.drain(process, 1_000, DEADLINE_MS)
      fleet.start()
    }, at)
  }
  return { report: await world.finish(40_000), history }
}

describe('G4: a rolling restart of three processes, ten times', () => {
  test('G1: fails no call that fits the deadline, and streams with ids lose nothing, repeat nothing and have no gap', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { report, history } = await roll(seed)
      expect({ seed, violations: report.violations }).toEqual({ seed, violations: [] })
      expect(history.moves.length).toBeGreaterThan(0)
      // Nobody was there any more when a process ended.
      expect(history.losses).toEqual([])
      for (const { kind, outcomes, runs, stream } of history.calls) {
        expect(outcomes.map(({ name }) => name)).toEqual(['result'])
        if (kind === 'mutation') expect(runs).toHaveLength(1)
        if (stream !== undefined) expect(stream).toMatchObject({ gaps: [], ending: { name: 'complete' } })
      }
    }
  })
})

describe('G2: a call that outlasts the deadline of a drain', () => {
  test('ends by name, at the deadline, and is not run again', async () => {
    const world = new World(new Random(1), GOOD_CONDITIONS)
    const [client] = world.clients
    const { clock, fleet, history } = world
    fleet.start()
    if (client === undefined) throw new Error('There is a client.')
    clock.schedule(() => world.perform(operation('mutation', { delayMs: 20_000 }), client), 0)
    clock.schedule(() => {
      const [process] = fleet.processes
      if (process !== undefined) void fleet.drain(process, 1_000, DEADLINE_MS)
      fleet.start()
    }, 1_000)
    const { violations } = await world.finish(40_000)
    expect(violations).toEqual([])
    const [call] = history.calls
    expect(call?.outcomes).toMatchObject([{ name: 'error', error: { code: 'OUTCOME_UNKNOWN', mayHaveRun: true } }])
    expect(call?.outcomes[0]?.at).toBeLessThan(1_000 + DEADLINE_MS + 1_000)
    expect(call?.runs).toHaveLength(1)
  })
})
