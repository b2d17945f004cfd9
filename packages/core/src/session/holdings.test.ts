import { expect, it } from 'vitest'
import { Holdings } from './holdings.ts'

it('what sessions hold is added up where something changes', () => {
  const all = {
    size: 0,
    add(change: number) {
      all.size += change
    },
  }
  const [one, other] = [new Holdings(all), new Holdings(all)]
  one.add(10)
  other.add(5)
  one.queued(100)
  one.queued(40)
  expect([one.size, other.size, all.size]).toEqual([50, 5, 55])
})
