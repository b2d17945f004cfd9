import { describe, expect, it } from 'vitest'
import { remembering } from './remembering.ts'

describe('remembering', () => {
  function counted() {
    const asked: string[] = []
    const find = remembering((address) => {
      asked.push(address)
      return address.includes('x') ? undefined : address.length
    })
    return { asked, find }
  }

  it('finds each out once, that there is nothing to find too', () => {
    const { asked, find } = counted()
    expect([find('a'), find('xy'), find('a'), find('xy')]).toEqual([1, undefined, 1, undefined])
    expect(asked).toEqual(['a', 'xy'])
  })

  it('keeps no more than 1,024 of them', () => {
    const { asked, find } = counted()
    for (let n = 0; n <= 1_024; n++) find(String(n))
    find('1024')
    find('0')
    expect(asked).toHaveLength(1_026)
  })

  it('keeps none that is longer than any address: somebody made it up', () => {
    const { asked, find } = counted()
    for (const _ of [1, 2]) expect(find('1'.repeat(65))).toBe(65)
    expect(asked).toHaveLength(2)
  })
})
