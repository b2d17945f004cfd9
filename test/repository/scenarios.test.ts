import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { linksOf } from '../readme/markdown.ts'
import { tablesByHeading } from '../transcripts/markdown-table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Groups of scenarios that docs/scenarios.md lists. */
const GROUPS = 'ABCDEFGHX'

/** The files whose tests have a scenario's number in their name, by the number. */
const tested = new Map<string, Set<string>>()
for (const folder of ['packages', 'test', 'examples']) {
  for (const path of readdirSync(root + folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(path) || /(^|[/\\])(node_modules|dist)[/\\]/.test(path)) continue
    const file = join(folder, path)
    for (const number of numbersIn(readFileSync(root + file, 'utf8'))) {
      tested.set(number, (tested.get(number) ?? new Set()).add(file))
    }
  }
}

const rows = [...tablesByHeading(readFileSync(join(root, 'docs/scenarios.md'), 'utf8')).values()].flat(2)
const listed = rows.map((row) => ({ number: row['#'] ?? '', tests: row.tests ?? '' }))

describe('docs/scenarios.md', () => {
  test('has a row for each number that a test carries', () => {
    const numbers = new Set(listed.map(({ number }) => number))
    expect([...tested.keys()].filter((number) => GROUPS.includes(number.charAt(0)) && !numbers.has(number))).toEqual([])
    expect(numbers.size).toBe(listed.length)
  })

  test.each(listed)('$number leads to tests that carry it, or says why there are none', ({ number, tests }) => {
    const files = linksOf(tests).map((link) => join('docs', link))
    for (const file of files) expect([...(tested.get(number) ?? [])]).toContain(file)
    // A reason that no longer holds.
    if (files.length === 0) expect([...(tested.get(number) ?? [])]).toEqual([])
    if (files.length === 0) expect(tests).toMatch(/^[A-Z].+\.$/)
  })
})

// Of groups that don't exist: this file is looked through as well.
describe('the numbers in the name of a test', () => {
  test.each([
    ["it('Z1: goes on'", ['Z1']],
    ['it(`Z1, Y22: goes on`', ['Z1', 'Y22']],
    ["it.each(rows)('X1 (6 s): notices'", ['X1']],
    ["it('goes on'", []],
    ["['Z1', 'Y2']", []],
  ])('of %s', (code, numbers) => {
    expect(numbersIn(code)).toEqual(numbers)
  })
})

function numbersIn(code: string): string[] {
  const names = code.matchAll(/['"`]([A-Z]\d+(?:, [A-Z]\d+)*)(?: \([^)]*\))?: /g)
  return [...names].flatMap(([, numbers = '']) => numbers.split(', '))
}
