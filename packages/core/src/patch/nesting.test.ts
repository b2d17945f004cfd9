import { expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { nestingOf } from './nesting.ts'

/** Brackets around each other. */
function depthOf(json: string): number {
  let [depth, most] = [0, 0]
  for (const [bracket] of json.replace(/"(\\.|[^"\\])*"/g, '').matchAll(/[[{\]}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    most = Math.max(most, depth)
  }
  return most
}

it.each([
  1,
  null,
  undefined,
  'text [[[',
  new Date(0),
  new URL('https://a.example/'),
  new Uint8Array(3),
  [],
  {},
  [1, [2], { a: [] }],
  { a: { b: 1 }, c: [[[]]] },
  new Map([[[1], { a: 1 }]]),
  new Map([['a', [[1]]]]),
  new Set([[1]]),
  new Error('x', { cause: { a: [1] } }),
  [new Map([[1, new Set([new Date(0)])]])],
])('the nesting of %o is that of its JSON', (value) => {
  expect(nestingOf(value)).toBe(depthOf(superjsonCodec.encode(value).json))
})
