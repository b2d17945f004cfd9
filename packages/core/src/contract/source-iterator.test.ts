import { describe, expect, it } from 'vitest'
import { isSource, iterate } from './source-iterator.ts'
import type { Source } from './stream.ts'

async function read(source: Source<unknown>): Promise<unknown[]> {
  const [iterator, items] = [iterate(source), [] as unknown[]]
  for (;;) {
    const step = await iterator.next()
    if (step.done === true) return items
    items.push(step.value)
  }
}

/** A ReadableStream as of a platform whose streams aren't iterable. */
function plainStream(items: readonly unknown[], left: string[]) {
  let at = 0
  return {
    getReader: () => ({
      read: async () => (at < items.length ? { done: false, value: items[at++] } : { done: true }),
      cancel: async () => void left.push('cancelled'),
      releaseLock: () => void left.push('released'),
    }),
  }
}

describe('a source of items', () => {
  it.each([
    ['an array', [1, 2]],
    ['a Set', new Set([1, 2])],
    [
      'an async generator',
      (async function* () {
        yield* [1, 2]
      })(),
    ],
    ['a ReadableStream', new Blob(['\u0001\u0002']).stream().pipeThrough(eachByte())],
    ['a stream that is not iterable', plainStream([1, 2], [])],
  ])('may be %s', async (_, source) => {
    expect(isSource(source)).toBe(true)
    expect(await read(source)).toEqual([1, 2])
  })

  it.each([[undefined], [null], [5], ['text'], [{}], [{ length: 2 }]])('may not be %j', (value) => {
    expect(isSource(value)).toBe(false)
  })

  it('that is a stream is cancelled when it is left, and let go of when it is done', async () => {
    const left: string[] = []
    const iterator = iterate(plainStream([1, 2], left))
    await iterator.next()
    await iterator.return?.()
    expect(left.splice(0)).toEqual(['cancelled', 'released'])
    await read(plainStream([], left))
    expect(left).toEqual(['released'])
  })
})

function eachByte(): TransformStream<Uint8Array, number> {
  return new TransformStream({
    transform(chunk, controller) {
      for (const byte of chunk) controller.enqueue(byte)
    },
  })
}
