import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tablesByHeading } from '../transcripts/markdown-table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

function attacksIn(document: string): string[] {
  const rows = [...tablesByHeading(readFileSync(join(root, document), 'utf8')).values()].flat(2)
  return rows.flatMap((row) => (row['#'] ?? '').split(', ')).filter((number) => /^X\d+$/.test(number))
}

describe('SECURITY.md', () => {
  const defended = attacksIn('SECURITY.md')

  test('has a row for each attack that has tests, and none twice', () => {
    const tested = attacksIn('docs/scenarios.md')
    expect(tested.length).toBeGreaterThan(10)
    expect(tested.filter((number) => !defended.includes(number))).toEqual([])
    expect(new Set(defended).size).toBe(defended.length)
  })

  test('speaks of attacks that it has', () => {
    const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
    const named = [...text.matchAll(/\((X\d+)\)/g)].map(([, number = '']) => number)
    expect(named.filter((number) => !defended.includes(number))).toEqual([])
  })
})
