import { hotline, type Router } from '@hotline/core'
import { ProcedureTable } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { contractHash } from './contract-hash.ts'

const h = hotline<object>()
const [query, mutation] = [h.query(() => 1), h.mutation(() => 1)]
const later = h.lazy(async () => ({ ban: mutation }))

const hashOf = (router: Router): string => contractHash(new ProcedureTable(router))

describe("a contract's hash", () => {
  it('is the same for the same paths and kinds, in whatever order they stand', () => {
    const hash = hashOf({ a: query, b: { c: mutation }, admin: later })
    expect(hashOf({ admin: later, b: { c: h.meta(1).mutation(() => 2) }, a: query })).toBe(hash)
    expect(hash).toMatch(/^[\w-]{16}$/)
  })

  it('is another where a path or a kind is', () => {
    const routers: Router[] = [
      {},
      { a: query },
      { a: mutation },
      { b: query },
      { a: { b: query } },
      { a: query, b: query },
      { a: later },
    ]
    expect(new Set(routers.map(hashOf)).size).toBe(routers.length)
  })
})
