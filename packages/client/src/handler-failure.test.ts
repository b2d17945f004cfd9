import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { consoleReport, type HandlerFailure, tellFailure } from './handler-failure.ts'

const trap = (): never => {
  throw new Error('a trap')
}

/** What throws where a console looks at it: consoles differ in what they look at, and this they all do. */
const unreadable = () => Object.assign(new Error('deep water'), { [inspect.custom]: trap })

/** Nothing in it can be read. */
const closed = () => Object.defineProperty(unreadable(), 'message', { get: trap })

const failure: HandlerFailure = { error: new Error('broken'), path: 'confirm', id: 'x1' }

/** What the console was told, where that could be shown. */
async function told(tell: () => void | Promise<void>): Promise<unknown[][]> {
  const lines: unknown[][] = []
  const spy = vi.spyOn(console, 'error').mockImplementation((...line) => {
    for (const part of line) inspect(part)
    lines.push(line)
  })
  await tell()
  spy.mockRestore()
  return lines
}

describe('a failure of a handler', () => {
  test('goes to the application alone, where that takes it', async () => {
    const failures: unknown[] = []
    expect(await told(() => tellFailure((one) => failures.push(one), failure))).toEqual([])
    expect(failures).toEqual([failure])
  })

  test.each([
    ['throws', () => trap()],
    ['rejects', async () => trap()],
  ])('goes to the console too, where "onError" %s', async (_, onError) => {
    expect(await told(() => tellFailure(onError, failure))).toEqual([
      ['hotline: "onError" failed', new Error('a trap')],
      ['hotline: "confirm" failed (x1)', failure.error],
    ])
  })

  test.each([
    ['in words where no console can show it', unreadable, 'deep water'],
    ['by its path where nothing in it can be read', closed, 'What was thrown could not be read.'],
  ])('is told %s', async (_, thrown, words) => {
    expect(await told(() => consoleReport({ ...failure, error: thrown() }))).toEqual([
      ['hotline: "confirm" failed (x1)', words],
    ])
    const onError = () => {
      throw thrown()
    }
    expect(await told(() => tellFailure(onError, failure))).toEqual([
      ['hotline: "onError" failed', words],
      ['hotline: "confirm" failed (x1)', failure.error],
    ])
  })
})
