import { describe, expect, it } from 'vitest'
import { idempotencyScope, isAnonymousScope } from './idempotency-scope.ts'

describe('the scope of a key', () => {
  it('is the principal whatever client it comes from, else the client', () => {
    expect(idempotencyScope('ann', 'a')).toBe(idempotencyScope('ann', 'b'))
    expect(idempotencyScope(undefined, 'a')).not.toBe(idempotencyScope(undefined, 'b'))
  })

  it('X32: is nobody else’s, however a client or a principal is called', () => {
    const names = ['ann', 'client:ann', 'principal:ann', '']
    const scopes = names.flatMap((name) => [idempotencyScope(name, 'c'), idempotencyScope(undefined, name)])
    expect(new Set(scopes).size).toBe(scopes.length)
    expect(scopes.map(isAnonymousScope)).toEqual(names.flatMap(() => [false, true]))
  })
})
