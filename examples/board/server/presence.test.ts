import { describe, expect, it } from 'vitest'
import type { Person } from '../shared/model.ts'
import { Presence } from './presence.ts'

const ada: Person = { id: 'a', name: 'Ada' }
const bo: Person = { id: 'b', name: 'Bo' }

describe('presence', () => {
  it('tells who is here, and again when someone comes and goes', async () => {
    const presence = new Presence()
    const first = presence.join(ada, new AbortController().signal)
    expect((await first.next()).value).toEqual([ada])

    const leave = new AbortController()
    const second = presence.join(bo, leave.signal)
    const come = first.next()
    expect((await second.next()).value).toEqual([ada, bo])
    expect((await come).value).toEqual([ada, bo])

    const gone = first.next()
    leave.abort()
    expect((await second.next()).done).toBe(true)
    expect((await gone).value).toEqual([ada])
  })

  it('counts a person with two pages once, and until the last of them is closed', async () => {
    const presence = new Presence()
    const [first, second] = [presence.join(ada, AbortSignal.any([])), presence.join(ada, AbortSignal.any([]))]
    await first.next()
    expect((await second.next()).value).toEqual([ada])
    await first.return()
    expect(presence.people).toEqual([ada])
    await second.return()
    expect(presence.people).toEqual([])
  })
})
