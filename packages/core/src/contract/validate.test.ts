import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import { describe, expect, it } from 'vitest'
import { acceptInput, acceptOutput } from './validate.ts'

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (thrown) {
    return thrown
  }
}

describe('an input', () => {
  it('is what its schema made of it', () => {
    expect(acceptInput({ value: 1 })).toBe(1)
    expect(acceptInput({ value: undefined })).toBe(undefined)
  })

  it('that does not fit is refused with at most 16 issues', () => {
    const issues = Array.from({ length: 100 }, (_, index) => ({ message: `no ${index}`, path: [index] }))
    const error = thrownBy(() => acceptInput({ issues }))
    expect(error).toMatchObject({ code: 'BAD_INPUT', mayHaveRun: false, data: { issues: issues.slice(0, 16) } })
    expect((error as { data: { issues: unknown[] } }).data.issues).toHaveLength(16)
  })

  it("X19: is refused with message and path alone, whatever else a library's issue holds", () => {
    const issue: Schema.Issue = Object.assign(
      { message: 'no', path: ['a', { key: 1 }, Symbol('s'), { key: 'b' }] },
      { input: 'what was sent', stack: '/srv/app.js' },
    )
    expect(thrownBy(() => acceptInput({ issues: [issue, { message: 'root' }] }))).toMatchObject({
      data: {
        issues: [
          { message: 'no', path: ['a', 1, 'Symbol(s)', 'b'] },
          { message: 'root', path: [] },
        ],
      },
    })
    expect(JSON.stringify(thrownBy(() => acceptInput({ issues: [issue] })))).not.toContain('what was sent')
  })
})

describe('what is told of an input that does not fit', () => {
  it('X19: is bounded, whatever a stranger put into it', () => {
    const long = 'k'.repeat(100_000)
    const issue: Schema.Issue = { message: `Unrecognized key: "${long}"`, path: Array(1_000).fill(long) }
    const error = thrownBy(() => acceptInput({ issues: Array(1_000).fill(issue) }))
    expect(JSON.stringify(error).length).toBeLessThan(16 * (512 + 64 * 140))
  })
})

describe('an output', () => {
  it('that does not fit is told with its places, for the log', () => {
    const issues = [{ message: 'is missing', path: ['a', 0] }, { message: 'is odd' }]
    expect(acceptOutput({ value: 2 }, 'It')).toBe(2)
    expect(thrownBy(() => acceptOutput({ issues }, 'It'))).toEqual(
      new Error('It does not fit its schema: a.0: is missing; the value: is odd'),
    )
  })
})

describe('what a schema by hand gives', () => {
  it.each([undefined, null, true, 'fine'])('is no result where it is %s', (given) => {
    const message = `A schema's "validate" gave ${given}: give { value } or { issues: [...] }, as Standard Schema says.`
    for (const accept of [acceptInput, acceptOutput]) {
      expect(() => accept(given as never, 'It' as never)).toThrow(new TypeError(message))
    }
  })

  it('is no result where its issues are none', () => {
    expect(() => acceptInput({ issues: true } as never)).toThrow(`A schema's "validate" gave "issues" of type boolean`)
  })
})
