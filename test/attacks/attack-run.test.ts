import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AttackProgram } from './fixture/attack-program.ts'

const PATIENCE_MS = 60_000

let program: AttackProgram

beforeAll(async () => {
  program = await AttackProgram.build()
}, PATIENCE_MS)

afterAll(() => program.close())

describe('a small attack', () => {
  it('X6: with fragments has each socket closed', { timeout: PATIENCE_MS }, async () => {
    const { ends, sockets } = await program.run('fragments')
    expect(ends.counts).toEqual({ 'close 1008': sockets })
  })

  it('X7: with frames declared too large has each socket closed before it is read', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { ends, sockets, broken, exitCode } = await program.run('oversize-frames')
    const { 'close 1009': letIn = 0, 'close 4329': strangers = 0 } = ends.counts
    expect(letIn).toBeGreaterThan(0)
    expect(letIn + strangers).toBe(sockets)
    expect({ broken, exitCode }).toEqual({ broken: [], exitCode: 0 })
  })

  it('X22: with subscriptions has as many as a connection may have, and the rest refused', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { facts, load } = await program.run('stream-flood')
    expect(load.mostOfOne).toBe(128)
    expect(facts.refused).toBeGreaterThan(0)
  })

  it('X25: with guesses at a secret hits nothing, and the owner stays', { timeout: PATIENCE_MS }, async () => {
    expect((await program.run('resume-guessing')).facts).toEqual({ hits: 0, ownerIsOpen: 1 })
  })

  it('X30: with sessions of one user leaves the eight newest', { timeout: PATIENCE_MS }, async () => {
    expect((await program.run('hoarding')).load.detachedSessions).toBe(8)
  })

  it('works where its defence is off, and breaks its bound', { timeout: PATIENCE_MS }, async () => {
    const { load, broken } = await program.run('hoarding', '--off')
    expect(load.detachedSessions).toBeGreaterThan(100)
    expect(broken.join()).toContain('sessions are kept: at most 8')
  })
})
