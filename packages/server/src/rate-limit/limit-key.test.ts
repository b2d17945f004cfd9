import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LimitBy, type LimitedCall, limitKey } from './limit-key.ts'

function call(principal: string | undefined, address: string | undefined, path = 'todos.add'): LimitedCall<unknown> {
  const connection = { context: {}, principal, address }
  return { ctx: {}, connection, path, kind: 'query', meta: undefined, headers: {} }
}

describe('the key of a rate limit', () => {
  it('is the same for the same, and another one for anything else', () => {
    const name = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('address a', 'a', '"a"')), {
      nil: undefined,
    })
    const parts = fc.tuple(
      name,
      fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      fc.constantFrom('x', 'x","y'),
    )
    const by: readonly LimitBy[] = ['principal', 'procedure']
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const keys = [limitKey(by, call(...one)), limitKey(by, call(...other))]
        // The address only counts where there is no principal.
        const told = [one, other].map(([principal, address, path]) =>
          JSON.stringify([principal, principal === undefined ? address : undefined, path]),
        )
        const isCounted = keys.every((key) => key !== undefined)
        if (isCounted) expect(keys[0] === keys[1]).toBe(told[0] === told[1])
      }),
    )
  })

  it('does not let a name run over into the next', () => {
    const by: readonly LimitBy[] = ['principal', 'procedure']
    for (const between of [' ', ',', '","', '"']) {
      const one = limitKey(by, call(`ann${between}a`, undefined, 'b'))
      expect(one).not.toBe(limitKey(by, call('ann', undefined, `a${between}b`)))
    }
  })

  it('is one for all addresses that one customer of a provider has', () => {
    const at = (address: string) => limitKey('address', call(undefined, address))
    expect(at('2001:db8:0:1::1')).toBe(at('2001:db8:0:1:ffff::2'))
    expect(at('2001:db8:0:1::1')).not.toBe(at('2001:db8:1:1::1'))
    expect(at('192.0.2.1')).not.toBe(at('192.0.2.2'))
  })

  it('has an end, however long a name is', () => {
    const long = (end: string) => limitKey('principal', call('p'.repeat(100_000) + end, undefined))
    expect(long('a')).toHaveLength(43)
    expect(long('a')).not.toBe(long('b'))
    expect(long('a')).toBe(long('a'))
  })

  it('is missing where what is counted by is', () => {
    expect(limitKey('principal', call(undefined, undefined))).toBeUndefined()
    expect(limitKey(['procedure', 'address'], call('ann', undefined))).toBeUndefined()
    expect(limitKey(() => undefined, call('ann', 'a'))).toBeUndefined()
  })
})
