import {
  CONTROL_FRAMES,
  type ControlWord,
  MESSAGES,
  type MessageWord,
  parseFrame,
  parseMessage,
} from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { Random } from '../simulator/random.ts'
import { garbleBytes, garbleFrame } from './garble.ts'
import { controlOf, messageOf } from './grammar.ts'
import { hostileValue } from './hostile-values.ts'
import { ODD_NUMBERS } from './odd-values.ts'
import { Raw, rawJson } from './raw-json.ts'

describe('the grammar', () => {
  test.each(Object.keys(CONTROL_FRAMES) as ControlWord[])('makes frames "%s" that fit', (word) => {
    const random = new Random(1)
    for (let left = 100; left > 0; left--) expect(() => parseFrame(rawJson(controlOf(word, random)))).not.toThrow()
  })

  test.each(Object.keys(MESSAGES) as MessageWord[])('makes messages "%s" that fit', (word) => {
    const random = new Random(1)
    for (let left = 100; left > 0; left--) {
      expect(() => parseMessage(JSON.parse(rawJson(messageOf(word, random))))).not.toThrow()
    }
  })
})

describe('JSON with raw parts', () => {
  test('is written as it is, and the rest as JSON.stringify does', () => {
    expect(rawJson({ a: [new Raw('-0'), 'x'], b: new Raw('{"c":1,"c":1e999}') })).toBe(
      '{"a":[-0,"x"],"b":{"c":1,"c":1e999}}',
    )
    for (const number of ODD_NUMBERS) expect(rawJson([new Raw(number)])).toBe(`[${number}]`)
  })
})

describe('garbling', () => {
  const frame = [4, 2, ['call', 7, 'a.b', { n: 1, name: 'x' }, { timeoutMs: 500 }], ['cancel', 5]]
  const valid = JSON.stringify(frame)

  test('makes many frames of one, most of which are JSON still', () => {
    const random = new Random(1)
    const made = Array.from({ length: 1_000 }, () => garbleFrame(structuredClone(frame), random))
    expect(new Set(made).size).toBeGreaterThan(500)
    expect(made.filter((each) => typeof each === 'string' && isJson(each)).length).toBeGreaterThan(900)
  })

  test('makes text and bytes of one', () => {
    const random = new Random(1)
    const made = Array.from({ length: 1_000 }, () => garbleBytes(structuredClone(frame), random))
    expect(made.filter((each) => typeof each === 'string').length).toBeGreaterThan(400)
    expect(made.filter((each) => each instanceof Uint8Array).length).toBeGreaterThan(200)
    expect(made.filter((each) => each === valid).length).toBeLessThan(10)
  })

  test('makes hostile values that are JSON, and no larger than a message may be', () => {
    const random = new Random(1)
    for (let left = 150; left > 0; left--) {
      const { json, meta } = hostileValue(random)
      expect(isJson(json) && isJson(meta)).toBe(true)
      expect(json.length + meta.length).toBeLessThan(2 ** 20)
    }
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
