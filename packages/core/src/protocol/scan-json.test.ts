import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from './protocol-error.ts'
import { scanJson } from './scan-json.ts'

const scan = (text: string, limits = { depth: 3, nodes: 10 }) => scanJson(text, 'A frame', limits)

describe('scanning JSON', () => {
  it.each([
    ['a value without brackets', '1'],
    ['as deep as may be', '[[{"a":1}]]'],
    ['as many as may be', '[1,2,3,4,5,6,7,8,9,10]'],
    ['brackets beside each other', '[[],[],{},{},[]]'],
    ['brackets and commas in strings', '["[[[[[[,,,,,,,,,,","{:{:{:{:"]'],
    ['a quote in a string', '["\\"[[[[[[","\\\\",1]'],
    ['many backslashes before a quote', `["${'\\'.repeat(20)}\\"[[[[[["]`],
    ['a string that doesn’t end', '"[[[[[['],
    ['a string that ends in a backslash', '["[[[[[[\\'],
  ])('lets pass %s', (_, text) => expect(() => scan(text)).not.toThrow())

  it.each([
    ['X10: values that nest too deep', '[[{"a":[1]}]]', 'A frame nests 4 deep: expected at most 3.'],
    ['X10: too many elements', `[${'1,'.repeat(10)}1]`, 'A frame has 11 values and keys or more: expected at most 10.'],
    ['X10: too many members', '{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', 'A frame has 11 values and keys or more'],
    ['X10: too many empty arrays', '[[],[],[],[],[],[]]', 'A frame has 11 values and keys or more'],
    ['X10: brackets behind a string that ends in backslashes', '["\\\\",[[[', 'A frame nests 4 deep'],
  ])('refuses %s', (_, text, message) => {
    expect(() => scan(text)).toThrow(ProtocolError)
    expect(() => scan(text)).toThrow(message)
  })

  it('counts what JSON.parse would make', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value)
        const { depth, nodes } = counted(value)
        expect(() => scan(text, { depth, nodes })).not.toThrow()
        if (depth > 0) expect(() => scan(text, { depth: depth - 1, nodes })).toThrow('deep')
        if (nodes > 0) expect(() => scan(text, { depth, nodes: nodes - 1 })).toThrow('values and keys')
      }),
      { numRuns: 1_000 },
    )
  })
})

function counted(value: unknown): { depth: number; nodes: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, nodes: 0 }
  const members = Object.values(value).map(counted)
  const own = 1 + Math.max(members.length - 1, 0) + (Array.isArray(value) ? 0 : members.length)
  return {
    depth: 1 + Math.max(0, ...members.map(({ depth }) => depth)),
    nodes: members.reduce((sum, { nodes }) => sum + nodes, own),
  }
}
