import { ProtocolError, parseJson, superjsonCodec } from '@hotline/core/internal'
import { afterAll, describe, expect, it } from 'vitest'
import { HOSTILE_MESSAGES } from './fixture/hostile-messages.ts'

/** DESIGN: nothing that a stranger sends may hold up the event loop for longer. */
const MOST_MS = 50

/** The best of so many counts: a collection of garbage may fall into one. */
const TRIES = 5

/** The longest of all, for docs/RELIABILITY.md. */
let longest = { name: '', ms: 0 }

afterAll(() => console.log(`Longest: ${longest.name}, ${longest.ms.toFixed(1)} ms`))

describe('a server that reads a mebibyte of', () => {
  it.each(Object.entries(HOSTILE_MESSAGES))('X10, X11, X13, X15: %s is free again within 50 ms', (name, text) => {
    expect(text.length).toBeLessThanOrEqual(1024 * 1024)
    read(text)
    const ms = Math.min(...Array.from({ length: TRIES }, () => timeOf(() => read(text))))
    if (ms > longest.ms) longest = { name, ms }
    expect(ms).toBeLessThan(MOST_MS)
  })

  it('X16: leaves no prototype changed', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Object.keys(Array.prototype)).toEqual([])
  })
})

/** What happens between a message's arrival and the handler's schema. */
function read(text: string): unknown {
  try {
    const [, , , value, fields] = parseJson(text, 'A message') as [string, number, string, unknown, { meta: unknown }?]
    return superjsonCodec.decode(value, fields?.meta, [new Uint8Array(64 * 1024)])
  } catch (error) {
    // Whatever else is thrown is a fault of ours.
    if (error instanceof ProtocolError || error instanceof TypeError) return error
    throw error
  }
}

/** By the clock, or by the processor's time where that is less: then others had the processor in between. */
function timeOf(run: () => unknown): number {
  const [start, used] = [performance.now(), process.cpuUsage()]
  run()
  const { user, system } = process.cpuUsage(used)
  return Math.min(performance.now() - start, (user + system) / 1_000)
}
