import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Place } from './language-server.ts'

/** Where `word` stands for the last time in the first text that `pattern` finds in a file. */
export function findPlace(file: string, pattern: string | RegExp, word: string): Place {
  const text = readFileSync(file, 'utf8')
  const [found] = typeof pattern === 'string' ? [pattern] : (pattern.exec(text) ?? [])
  const start = found === undefined ? -1 : text.indexOf(found)
  if (found === undefined || start === -1) return expect.fail(`${file} has no ${String(pattern)}`)
  const before = text.slice(0, start + found.lastIndexOf(word)).split('\n')
  return { file, line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}
