import { connectionOf } from '@hotline/client'
import { hotline, tracked } from '@hotline/core'
import { expect, test } from 'vitest'
import { createTestPair } from './create-test-pair.ts'

const h = hotline<{ readonly user: string }>()
const released = Promise.resolve()
const api = h.router({
  whoAmI: h.query(({ ctx }) => ctx.user),
  count: h.subscription(async function* () {
    for (let n = 1; n <= 5; n++) {
      await released
      yield tracked(String(n), n)
    }
  }),
  silent: h.subscription(async function* ({ signal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    yield 0
  }),
})

test('a test pair is a client and a server that answer each other with the context given', async () => {
  await using pair = createTestPair(api, { context: { user: 'ann' } })
  expect(await pair.client.whoAmI()).toBe('ann')
})

test('a test pair goes on over a cut, in the same session', async () => {
  await using pair = createTestPair(api, { context: { user: 'ann' } })
  const items: number[] = []
  for await (const item of await pair.client.count()) {
    items.push(item)
    if (item === 2) pair.cut()
  }
  expect(items).toEqual([1, 2, 3, 4, 5])
  expect(await pair.client.whoAmI()).toBe('ann')
})

test('a test pair tells what its server keeps', async () => {
  await using pair = createTestPair(api, { context: { user: 'ann' } })
  const stream = await pair.client.silent()
  expect(pair.stats()).toMatchObject({ sessions: 1, running: 1, streams: 1 })
  await stream[Symbol.asyncDispose]()
  await expect.poll(() => pair.stats()).toMatchObject({ sessions: 1, running: 0, streams: 0 })
})

test('a test pair is closed for good', async () => {
  const pair = createTestPair(api, { context: { user: 'ann' } })
  await pair.client.whoAmI()
  await pair.close()
  await pair.close()
  expect(connectionOf(pair.client).state.name).toBe('closed')
  await expect(pair.client.whoAmI()).rejects.toMatchObject({ code: 'CLOSED' })
})
