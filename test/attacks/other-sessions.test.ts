import { hotline, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Attacker } from './fixture/attacker.ts'

const h = hotline<object>()
/** Ids that the victim has open, and a few that it hasn't. */
const IDS = Array.from({ length: 12 }, (_, index) => index + 1)

/** What may be said of a call by the one who made it, or by the one who answers. */
const SAYINGS: Readonly<Record<string, (id: number) => readonly unknown[]>> = {
  cancel: (id) => ['cancel', id],
  credit: (id) => ['credit', id, 1_000_000],
  item: (id) => ['item', id, 3, 666],
  end: (id) => ['end', id],
  stop: (id) => ['stop', id],
  result: (id) => ['result', id, 666],
  error: (id) => ['error', id, { code: 'CONFLICT', message: '' }],
}

describe('what one client says', () => {
  it.each(Object.entries(SAYINGS))('X21: with "%s" of each id changes nothing for another', async (_, saying) => {
    const signals: AbortSignal[] = []
    const got: number[] = []
    let answer = (_: unknown) => {}
    const api = h.router({
      wait: h.mutation(({ signal }) => {
        signals.push(signal)
        return new Promise((resolve) => {
          answer = resolve
        })
      }),
      upload: h.items(z.number()).mutation(async ({ items, signal }) => {
        signals.push(signal)
        for await (const item of items) got.push(item)
        return got.length
      }),
      endless: h.subscription(async function* ({ signal }) {
        signals.push(signal)
        while (!signal.aborted) yield 'x'.repeat(1_000)
      }),
    })
    await using server = await serve(api, { port: 0, logger: { debug() {}, info() {}, warn() {}, error() {} } })
    const victim = await Attacker.at(server.port)
    victim.say(['call', 1, 'wait'], ['call', 3, 'upload', null, { items: true }], ['call', 5, 'endless'])
    const sent = 33
    await victim.until(() => victim.tally.get('item') === sent)
    for (const id of IDS) {
      const attacker = await Attacker.at(server.port)
      attacker.say(saying(id))
      // It breaks the protocol or means nothing: both are dealt with before what comes behind it.
      attacker.raw(['bye'])
      await attacker.closed
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false])
    expect(victim.tally.get('item')).toBe(sent)
    answer('done')
    victim.say(['item', 3, 1, 7], ['end', 3])
    await victim.until(() => victim.tally.get('result') === 2)
    expect([got, victim.ended]).toEqual([[7], 2])
    victim.socket.terminate()
  })
})
