import { describe, expect, it } from 'vitest'
import type { Person } from '../shared/model.ts'
import { Presence } from './presence.ts'

const stage: Person = { id: 'a', name: 'Stage' }
const kitchen: Person = { id: 'b', name: 'Kitchen' }

describe('presence', () => {
  it('tells who is here, and again when someone comes and goes', async () => {
    const presence = new Presence()
    const first = presence.join(stage, new AbortController().signal)
    expect((await first.next()).value).toEqual([stage])

    const leave = new AbortController()
    const second = presence.join(kitchen, leave.signal)
    const come = first.next()
    expect((await second.next()).value).toEqual([stage, kitchen])
    expect((await come).value).toEqual([stage, kitchen])

    const gone = first.next()
    leave.abort()
    expect((await second.next()).done).toBe(true)
    expect((await gone).value).toEqual([stage])
  })

  it('counts a person with two pages once, and until the last of them is closed', async () => {
    const presence = new Presence()
    const [first, second] = [presence.join(stage, AbortSignal.any([])), presence.join(stage, AbortSignal.any([]))]
    await first.next()
    expect((await second.next()).value).toEqual([stage])
    await first.return()
    expect(presence.people).toEqual([stage])
    await second.return()
    expect(presence.people).toEqual([])
  })
})
