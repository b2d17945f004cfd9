import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { GreetingBudget } from './greeting-budget.ts'

const KIB = 1024

/** A socket that brings what the test says, with a reader on it as ws is. */
function setUp() {
  const written: string[] = []
  const socket = new Duplex({
    read: () => {},
    write: (chunk, _, done) => {
      written.push(String(chunk))
      done()
    },
  })
  const read: number[] = []
  const spent: number[] = []
  socket.on('data', (chunk: Buffer) => read.push(chunk.length))
  const budget = new GreetingBudget(socket, (bytes) => {
    spent.push(bytes)
    socket.write('goodbye')
  })
  const bring = async (...sizes: readonly number[]) => {
    for (const size of sizes) {
      socket.push(Buffer.alloc(size))
      await new Promise(setImmediate)
    }
  }
  return { socket, budget, read, spent, written, bring }
}

describe('what a socket brings before its welcome', () => {
  it('may be 8 KiB, with headers', async () => {
    const { bring, read, spent } = setUp()
    await bring(8 * KIB, KIB)
    expect([read, spent]).toEqual([[8 * KIB, KIB], []])
  })

  it('X5: ends it where it is more, in however many pieces; what comes after that nobody reads', async () => {
    const { socket, bring, read, spent, written } = setUp()
    const ended = once(socket, 'finish')
    for (let size = 0; size < 9 * KIB; size += 16) await bring(16)
    expect(spent).toEqual([])
    await bring(1)
    await ended
    await bring(64 * KIB, 64 * KIB)
    expect(spent).toEqual([9 * KIB + 1])
    expect(read.slice(-2)).toEqual([16, 1])
    expect(written).toEqual(['goodbye'])
  })

  it('counts no more once the client is known, and costs nothing', async () => {
    const { socket, budget, bring, spent } = setUp()
    budget.lift()
    expect(socket.listenerCount('data')).toBe(1)
    await bring(64 * KIB)
    expect(spent).toEqual([])
  })

  it('may be as much again once a resume was refused, and no more however often that is said', async () => {
    const { budget, bring, spent } = setUp()
    for (let times = 0; times < 100; times++) budget.renew()
    await bring(18 * KIB)
    expect(spent).toEqual([])
    await bring(1)
    expect(spent).toEqual([18 * KIB + 1])
  })
})
