import { connectionOf } from '@hotline/client'
import { hotline } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
import { describe, expect, it } from 'vitest'
import { heldBytes } from './fixture/heap.ts'

const RESUMES = 10_000

/** 26 bytes a resume: less than anything that could be left of one. What is measured varies by a few tens of KiB. */
const MAX_GROWTH_BYTES = 256 * 1024

const h = hotline<object>()

describe('a session', () => {
  it(`A23: leaves the heap where it was after ${RESUMES} resumes`, { timeout: 60_000 }, async () => {
    let runs = 0
    let release: (result: string) => void = () => {}
    const api = h.router({
      held: h.mutation(() => {
        runs++
        return new Promise<string>((resolve) => {
          release = resolve
        })
      }),
    })
    await using pair = createTestPair(api, { context: {} })
    // Out all the time: a session that was lost on the way would end it by name.
    const held = pair.client.held()
    await resume(pair, RESUMES / 2)
    const before = await heldBytes()
    await resume(pair, RESUMES)
    expect((await heldBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES)
    release('the same session')
    expect(await held).toBe('the same session')
    expect(runs).toBe(1)
  })
})

async function resume(pair: { readonly client: object; cut(): void }, times: number): Promise<void> {
  const connection = connectionOf(pair.client)
  for (let left = times; left > 0; left--) {
    pair.cut()
    await new Promise<void>((resolve) => {
      const stop = connection.subscribe(() => {
        if (connection.state.name !== 'open') return
        stop()
        resolve()
      })
    })
  }
}
