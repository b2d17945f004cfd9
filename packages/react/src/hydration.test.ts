import { createCodec } from '@hotline/core'
import { dehydrate, hydrate, QueryClient } from '@tanstack/query-core'
import { describe, expect, it } from 'vitest'
import { createHydration } from './hydration.ts'

class Money {
  readonly cents: bigint
  constructor(cents: bigint) {
    this.cents = cents
  }
}

const codec = createCodec({
  types: {
    Money: {
      is: (value: unknown): value is Money => value instanceof Money,
      encode: ({ cents }) => cents,
      decode: (encoded) => new Money(encoded as bigint),
    },
  },
})

describe('what queries hold', () => {
  it.each([
    ['plain JSON', { a: [1, 'b', null] }],
    ['dates, maps, sets and BigInts', { at: new Date(5), by: new Map([[1n, new Set(['a'])]]), not: Number.NaN }],
    ['bytes', new Uint8Array([1, 2, 3])],
    ['types of your own', [new Money(5n)]],
  ])('gets to the page as text: %s', (_, value) => {
    const options = { defaultOptions: { ...createHydration(codec) } }
    const server = new QueryClient(options)
    server.setQueryData(['value'], value)
    const text = JSON.stringify(dehydrate(server))
    const page = new QueryClient(options)
    hydrate(page, JSON.parse(text))
    expect(page.getQueryData(['value'])).toEqual(value)
    for (const client of [server, page]) client.clear()
  })
})
