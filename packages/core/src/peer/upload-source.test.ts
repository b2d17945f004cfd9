import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import type { Source } from '../contract/stream.ts'
import { Outbox } from '../session/outbox.ts'
import { Caller } from './caller.ts'

/** A caller with one call that uploads `items`, on an outbox that is emptied by hand. */
function setUp(items: Source<unknown>, signal?: AbortSignal) {
  const world = { now: 0 }
  const outbox = new Outbox()
  const outlet = {
    outbox,
    isAttached: true,
    isFull: false,
    now: () => world.now,
    flushSoon: () => {},
    wakeAt: () => {},
  }
  const caller = new Caller(outlet, { codec: superjsonCodec, firstId: 1, timeoutMs: 30_000, queueCharacters: 1_000 })
  // Options of a procedure that takes items.
  const options: object = { items, signal }
  const call = caller.call('a', 1, options)
  call.catch(() => {})
  const sent = async () => {
    await settled()
    const messages: unknown[] = []
    for (let text = outbox.take(world.now, true); text !== undefined; text = outbox.take(world.now, true)) {
      messages.push(JSON.parse(String(text)))
    }
    return messages
  }
  return { caller, call, world, sent }
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the source of an upload', () => {
  it('that gives no iterator ends its call, which waited for it until its deadline', async () => {
    const { caller, call, sent } = setUp({ [Symbol.asyncIterator]: () => undefined } as unknown as Source<unknown>)
    await sent()
    caller.answers.onCredit(1, 100)
    await expect(call).rejects.toThrow('The source of the items failed (it gave no iterator)')
  })

  it('is left alone once it has been read to its end', async () => {
    let returns = 0
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: true as const, value: undefined }),
        return: async () => ({ done: true as const, value: returns++ }),
      }),
    }
    const { caller, sent } = setUp(source)
    await sent()
    caller.answers.onCredit(1, 100)
    await sent()
    caller.answers.onResult(1, 'done', undefined)
    await settled()
    expect(returns).toBe(0)
  })

  it('may take for ever to clean up: a call whose item cannot be sent fails at once', async () => {
    async function* source() {
      try {
        yield () => {}
      } finally {
        await new Promise(() => {})
      }
    }
    const { caller, call, sent } = setUp(source())
    await sent()
    caller.answers.onCredit(1, 100)
    await expect(call).rejects.toMatchObject({ code: 'NOT_ENCODABLE' })
    expect(await sent()).toEqual([['cancel', 1]])
  })

  it('fails its call whatever it throws', async () => {
    // A source of the application's own may throw anything, also what can't be made a string.
    const thrown: unknown = Object.create(null)
    const { caller, call, sent } = setUp({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) })
    await sent()
    caller.answers.onCredit(1, 100)
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', cause: thrown })
    expect(await sent()).toEqual([['cancel', 1]])
  })

  it('is asked for nothing where it ends its call as it begins', async () => {
    const controller = new AbortController()
    let asked = 0
    const source = {
      [Symbol.asyncIterator]: () => {
        controller.abort()
        return { next: async () => ({ done: true as const, value: asked++ }) }
      },
    }
    const { caller, call, sent } = setUp(source, controller.signal)
    await sent()
    caller.answers.onCredit(1, 100)
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    expect([await sent(), asked]).toEqual([[['cancel', 1]], 0])
  })
})
