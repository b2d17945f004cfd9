import { describe, expect, it } from 'vitest'
import { hotline } from './hotline.ts'
import { Invocation, NOTHING_CARRIED } from './invocation.ts'
import { Endpoint } from './procedure-table.ts'

const h = hotline<object>()

function invocation(): Invocation {
  const { definition } = h.meta({ tag: 't' }).query(() => 1)
  return new Invocation(new Endpoint('a.b', definition), 1, { context: {} }, NOTHING_CARRIED)
}

describe('an invocation', () => {
  it('aborts a signal that was asked for before', () => {
    const call = invocation()
    const { signal } = call
    expect([signal.aborted, call.isAborted]).toEqual([false, false])
    const reason = new Error('gone')
    call.abort(reason)
    expect([signal.aborted, signal.reason, call.isAborted]).toEqual([true, reason, true])
  })

  it('aborts a signal that is asked for afterwards, with the first reason', () => {
    const call = invocation()
    const reason = new Error('first')
    call.abort(reason)
    call.abort(new Error('second'))
    expect([call.signal.aborted, call.signal.reason]).toEqual([true, reason])
    expect(call.signal).toBe(call.signal)
  })

  it('can be taken apart by a handler', () => {
    const { input, ctx, path, meta, headers, lastEventId, errors } = invocation()
    const expected = {
      input: 1,
      ctx: {},
      path: 'a.b',
      meta: { tag: 't' },
      headers: {},
      lastEventId: undefined,
      errors: {},
    }
    expect({ input, ctx, path, meta, headers, lastEventId, errors }).toEqual(expected)
  })

  it('has the client of its connection; without one, each call of it says that there is none', async () => {
    const { definition } = h.query(() => 1)
    const client = {}
    const connection = { context: {}, client }
    expect(new Invocation(new Endpoint('a', definition), 1, connection, NOTHING_CARRIED).client).toBe(client)
    const nobody = invocation().client as { readonly confirm: () => Promise<void> }
    await expect(nobody.confirm()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      mayHaveRun: false,
      message: expect.stringContaining('"confirm"'),
    })
  })

  it('has no items where none were declared', async () => {
    const items: unknown[] = []
    for await (const item of invocation().items) items.push(item)
    expect(items).toEqual([])
  })
})
