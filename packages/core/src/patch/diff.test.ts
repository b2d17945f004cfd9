import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diff } from './diff.ts'
import { Effort } from './effort.ts'
import { isSame } from './is-same.ts'
import { patch } from './patch.ts'
import { snapshot } from './snapshot.ts'

interface Row {
  readonly id: number
  readonly title: string
  readonly tags: readonly string[]
}

function rows(count: number): Row[] {
  return Array.from({ length: count }, (_, id) => ({ id, title: `row ${id}`, tags: ['a', 'b'] }))
}

/** What the change of a list is, and that it makes the second of the first. */
function changeOf(before: unknown, after: unknown): unknown {
  const change = diff(before, after)
  if (change !== undefined) expect(patch(before, change)).toStrictEqual(after)
  return change
}

/** All that a value may be made of, small enough to be alike now and then. */
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('a', 'b', '', null, undefined, true, Number.NaN, -0, 0, 1n, 2n),
  fc.constantFrom(0, 1, Number.NaN).map((time) => new Date(time)),
  fc.uint8Array({ maxLength: 2 }),
  fc.constantFrom('https://a.example/', 'https://b.example/').map((href) => new URL(href)),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.record({ id: fc.integer({ min: 0, max: 6 }), row: tie('value') }), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'id', 'is', 'in', 'length', '__proto__', 'toString'), tie('value')),
    fc.array(fc.tuple(fc.constantFrom('a', 'b'), tie('value')), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => new Set(items)),
  ),
}))

/** Where other work has the machine. */
const TIMEOUT_MS = 30_000

describe('diff', { timeout: TIMEOUT_MS }, () => {
  it('gives what patch makes the second value of the first with, and nothing where they are the same', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const kept = [snapshot(before), snapshot(after)]
        const change = diff(before, after)
        expect(change === undefined).toBe(isSame(before, after, new Effort(1_000)))
        if (change !== undefined) expect(plain(patch(before, change))).toStrictEqual(plain(after))
        expect([before, after].map(plain)).toStrictEqual(kept.map(plain))
      }),
      { numRuns: 1_000 },
    )
  })

  it('does so for lists that lose, gain, move and change rows', () => {
    const edit = fc.record({ at: fc.nat(30), to: fc.nat(30), kind: fc.constantFrom('out', 'new', 'move', 'set') })
    fc.assert(
      fc.property(fc.nat(20), fc.array(edit, { maxLength: 8 }), (count, edits) => {
        const before = rows(count)
        const after = [...before]
        edits.forEach(({ at, to, kind }, index) => {
          const row = after[at] ?? { id: 100 + index, title: 'new', tags: [] }
          if (kind !== 'set') after.splice(at, 1)
          if (kind === 'new') after.splice(to, 0, { id: 200 + index, title: 'new', tags: [] })
          if (kind === 'move') after.splice(to, 0, row)
          if (kind === 'set' && at < after.length) after[at] = { ...row, title: 'changed' }
        })
        changeOf(before, after)
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives the rest whole where its effort is spent', () => {
    fc.assert(
      fc.property(value, value, fc.nat(40), (before, after, effort) => {
        const change = diff(before, after, new Effort(effort))
        if (change !== undefined) expect(plain(patch(before, change))).toStrictEqual(plain(after))
      }),
      { numRuns: 500 },
    )
    expect(diff(rows(100), rows(101), new Effort(10))).toStrictEqual({ is: rows(101) })
  })

  it('names only the members that changed, and those that are gone', () => {
    expect(changeOf({ a: 1, b: { c: 2, d: 3 }, e: 4 }, { a: 1, b: { c: 2, d: 5 }, f: 6 })).toEqual({
      in: { b: { in: { d: { is: 5 } } }, f: { is: 6 } },
      out: ['e'],
    })
  })

  it('tells a member that is undefined from one that is missing', () => {
    expect(changeOf({}, { a: undefined })).toStrictEqual({ in: { a: { is: undefined } } })
    expect(changeOf({ a: undefined }, {})).toEqual({ in: {}, out: ['a'] })
  })

  it('takes the rows of a list from where they were', () => {
    const list = rows(100)
    const [five, eighty] = [list[5], list[80]]
    expect(changeOf(list, list.toSpliced(50, 0, { id: 100, title: 'new', tags: [] }))).toEqual({
      rows: [[0, 50], { new: [{ id: 100, title: 'new', tags: [] }] }, [50, 50]],
    })
    expect(changeOf(list, list.toSpliced(50, 2))).toEqual({
      rows: [
        [0, 50],
        [52, 48],
      ],
    })
    expect(changeOf(list, list.with(5, { ...(five as Row), title: 'x' }))).toEqual({
      rows: [[0, 5], { row: 5, to: { in: { title: { is: 'x' } } } }, [6, 94]],
    })
    expect(changeOf(list, list.toSpliced(80, 1).toSpliced(10, 0, eighty as Row))).toEqual({
      rows: [
        [0, 10],
        [80, 1],
        [10, 70],
        [81, 19],
      ],
    })
  })

  it('finds strings and numbers again, and rows without an id at their place', () => {
    expect(changeOf(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual({
      rows: [
        [2, 1],
        [0, 2],
      ],
    })
    expect(changeOf([{ n: 1 }, { n: 2 }], [{ n: 1 }, { n: 3 }])).toEqual({
      rows: [[0, 1], { row: 1, to: { in: { n: { is: 3 } } } }],
    })
  })

  it('puts a row that was there once but is there twice now in as a new one', () => {
    expect(changeOf(['a', 'b'], ['b', 'b', 'a'])).toEqual({ rows: [[1, 1], { new: ['b'] }, [0, 1]] })
  })

  it('compares dates, maps, sets, BigInts and bytes by what is in them, and gives those that differ whole', () => {
    const make = (n: number) => [new Date(n), new Map([[n, n]]), new Set([n]), BigInt(n), new Uint8Array([n])]
    expect(changeOf(make(1), make(1))).toBeUndefined()
    for (const index of [0, 1, 2, 4]) {
      const [before, after] = [make(1)[index], make(2)[index]]
      expect(changeOf(before, after)).toStrictEqual({ is: after })
    }
    expect(changeOf(new DataView(new ArrayBuffer(1)), new Uint8Array(1))).toStrictEqual({ is: new Uint8Array(1) })
  })
})

/** With a prototype for each object: having none isn't sent. */
function plain(given: unknown): unknown {
  return snapshot(given)
}
