import { describe, expect, it } from 'vitest'
import { Doorbell } from './doorbell.ts'
import { follow } from './follow.ts'

describe('following a table', () => {
  it('sees an event that is committed after the read has looked and before it returns', async () => {
    const doorbell = new Doorbell()
    const table: { id: number }[] = []
    let isFirstRead = true
    const read = async (last: number) => {
      const found = table.filter((event) => event.id > last)
      if (isFirstRead) {
        isFirstRead = false
        table.push({ id: 1 })
        doorbell.ring()
      }
      return found
    }
    const events = follow({ read, doorbell, after: 0, signal: AbortSignal.timeout(1000) })
    expect(await events.next()).toEqual({ done: false, value: { id: 1 } })
  })

  it('reads on where the last read ended, however little each one gives', async () => {
    const doorbell = new Doorbell()
    const table = [1, 2, 3, 4, 5].map((id) => ({ id }))
    const read = async (last: number) => table.filter((event) => event.id > last).slice(0, 2)
    const stop = new AbortController()
    const seen: number[] = []
    for await (const { id } of follow({ read, doorbell, after: 1, signal: stop.signal })) {
      seen.push(id)
      if (id === 5) stop.abort()
    }
    expect(seen).toEqual([2, 3, 4, 5])
    expect(doorbell.waiting).toBe(0)
  })

  it('reads only when the bell has rung, not in circles', async () => {
    const doorbell = new Doorbell()
    const stop = new AbortController()
    let reads = 0
    const read = async () => {
      reads += 1
      return []
    }
    const end = follow({ read, doorbell, after: 0, signal: stop.signal }).next()
    await expect.poll(() => doorbell.waiting).toBe(1)
    expect(reads).toBe(1)
    doorbell.ring()
    await expect.poll(() => reads).toBe(2)
    stop.abort()
    expect(await end).toEqual({ done: true, value: undefined })
  })
})
