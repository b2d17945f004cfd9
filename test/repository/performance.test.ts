import { readFile } from 'node:fs/promises'
import { describe, expect, it, test } from 'vitest'
import { pages } from '../../bench/src/pages/write-pages.ts'
import type { Results } from '../../bench/src/results.ts'
import { missingOptionals } from '../../scripts/complete-lock.mjs'

const docs = new URL('../../docs/', import.meta.url)
const read = (path: string) => readFile(new URL(path, docs), 'utf8')

describe('the figures in docs/PERFORMANCE.md', () => {
  test('and the charts are those of docs/bench/results.json: `npm run bench -- --only=pages` makes them again', async () => {
    // A full run of the bench writes it.
    const results = JSON.parse(await read('bench/results.json')) as Results
    for (const [path, text] of Object.entries(pages(results, await read('PERFORMANCE.md'))))
      expect(await read(path), path).toBe(text)
  })
})

describe("the lock of the bench's peers", async () => {
  const text = await readFile(new URL('../../bench/peers/package-lock.json', import.meta.url), 'utf8')

  it('names no registry', () => expect(text.match(/"resolved": "\w+:.*/g) ?? []).toEqual([]))

  it('is whole for every platform', () => expect(missingOptionals(JSON.parse(text))).toEqual([]))
})
