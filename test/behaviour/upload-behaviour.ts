import { connectionOf } from '@hotline/client'
import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { eventually, stage } from './stage.ts'

/** A source that says how far it was read, and whether it was left. */
class Numbers implements AsyncIterable<number> {
  pulled = 0
  left = 0
  readonly #count: number

  constructor(count: number) {
    this.#count = count
  }

  async *[Symbol.asyncIterator]() {
    try {
      while (this.pulled < this.#count) yield ++this.pulled
    } finally {
      this.left++
    }
  }
}

/** What holds of items that callers stream in. */
export function uploadBehaviour(adapter: Adapter): void {
  describe('an upload', () => {
    const sources: readonly (readonly [
      string,
      () => Iterable<number> | AsyncIterable<number> | ReadableStream<number>,
    ])[] = [
      ['an array', () => [1, 2, 3]],
      ['a Set', () => new Set([1, 2, 3])],
      ['a generator', () => new Numbers(3)],
      ['a ReadableStream', () => new Blob(['']).stream().pipeThrough(numbered())],
      ['nothing', () => []],
    ]
    test.each(sources)('takes %s', async (name, source) => {
      await using on = await stage(adapter)
      expect(await on.connect().uploads.sum({}, { items: source() })).toBe(name === 'nothing' ? 0 : 6)
    })

    test('takes as many items as come, in order, each once', async () => {
      await using on = await stage(adapter)
      const count = 20_000
      expect(await on.connect().uploads.sum({}, { items: new Numbers(count) })).toBe((count * (count + 1)) / 2)
    })

    test('F1, F10: is pulled no further than its handler reads', async () => {
      await using on = await stage(adapter)
      let pulled = 0
      const items = (function* () {
        for (;;) {
          pulled++
          yield 'x'.repeat(10_000)
        }
      })()
      const call = on.connect().uploads.ignore(undefined, { items })
      await eventually(() => expect(pulled).toBe(4))
      await on.connect().whoAmI()
      expect(pulled).toBe(4)
      on.witness.release()
      expect(await call).toBe('ignored')
    })

    test('leaves its source when the handler has read enough, and gets its result', async () => {
      await using on = await stage(adapter)
      let left = 0
      const items = (async function* () {
        try {
          for (let n = 0; ; n++) yield `item ${n}`
        } finally {
          left++
        }
      })()
      const call = on.connect().uploads.first(2, { items })
      await eventually(() => expect(left).toBe(1))
      on.witness.release()
      expect(await call).toEqual(['item 0', 'item 1'])
      expect(left).toBe(1)
    })

    test('leaves its source when its call is refused, without having asked for an item', async () => {
      await using on = await stage(adapter)
      const numbers = new Numbers(3)
      await expect(on.connect().uploads.refuse(undefined, { items: strings(numbers) })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      const none = on.connect().whoAmI as unknown as (input: undefined, options: object) => Promise<unknown>
      await expect(none(undefined, { items: [1] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
      expect(numbers.pulled).toBe(0)
    })

    test('fails by the name of its caller’s fault where an item does not fit', async () => {
      await using on = await stage(adapter)
      const call = on.connect().uploads.sum({}, { items: [1, 'two' as never, 3] })
      await expect(call).rejects.toMatchObject({
        code: 'BAD_INPUT',
        mayHaveRun: true,
        data: { issues: [{ path: [] }] },
      })
      expect(on.failures).toEqual([])
    })

    test('is cancelled by its signal at both ends', async () => {
      await using on = await stage(adapter)
      const [controller, numbers] = [new AbortController(), new Numbers(1e9)]
      const call = on.connect().uploads.sum({ pauseAt: 2 }, { items: numbers, signal: controller.signal })
      await eventually(() => expect(numbers.pulled).toBeGreaterThan(100))
      controller.abort()
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
      await eventually(() => expect(on.witness.aborts).toEqual(['CANCELLED']))
      await eventually(() => expect(numbers.left).toBe(1))
    })

    test('is cancelled where its source fails, with the reason', async () => {
      await using on = await stage(adapter)
      const reason = new Error('no more paper')
      const items = (async function* () {
        yield 1
        throw reason
      })()
      const failure = await on
        .connect()
        .uploads.sum({}, { items })
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'CANCELLED', cause: reason })
      expect(String(failure)).toContain('no more paper')
    })

    test('E16: goes on over a cut where it stopped', async () => {
      await using on = await stage(adapter)
      const client = on.connect()
      const call = client.uploads.sum({ pauseAt: 500 }, { items: new Numbers(10_000) })
      await eventually(() => expect(on.witness.runs).toEqual(['sum', 'paused']))
      on.server.cut()
      await eventually(() => expect(connectionOf(client).state.name).toBe('open'))
      on.witness.release()
      expect(await call).toBe((10_000 * 10_001) / 2)
      expect(on.witness.runs).toEqual(['sum', 'paused'])
    })

    test('E16: ends by name where its session is lost', async () => {
      await using on = await stage(adapter)
      const numbers = new Numbers(1e9)
      const call = on.connect().uploads.sum({ pauseAt: 5 }, { items: numbers })
      call.catch(() => {})
      await eventually(() => expect(numbers.pulled).toBeGreaterThan(5))
      await on.server.stop()
      await on.server.start()
      await expect(call).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
      await eventually(() => expect(numbers.left).toBe(1))
    })
  })

  describe('a stream both ways', () => {
    test('E17: gives answers as items come, and its result when there are no more', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().uploads.shout(undefined, { items: ['hello', 'world'] })
      const told: unknown[] = []
      for await (const item of stream) told.push(item)
      expect([told, await stream.result]).toEqual([['HELLO', 'WORLD'], 2])
    })

    test('E17: leaves its items when the handler ends first', async () => {
      await using on = await stage(adapter)
      let left = 0
      const items = (async function* () {
        try {
          yield 'bye'
          await new Promise((resolve) => setImmediate(resolve))
          for (;;) yield 'still here'
        } finally {
          left++
        }
      })()
      const stream = await on.connect().uploads.shout(undefined, { items })
      expect(await stream.result).toBe('bye')
      await eventually(() => expect(left).toBe(1))
    })

    test('stops both ways when its loop is left', async () => {
      await using on = await stage(adapter)
      let left = 0
      const items = (async function* () {
        try {
          for (;;) yield 'again'
        } finally {
          left++
        }
      })()
      for await (const item of await on.connect().uploads.shout(undefined, { items })) if (item === 'AGAIN') break
      await eventually(() => expect([left, on.witness.disposed]).toEqual([1, 1]))
    })

    test('ends by name where its session is lost, and asks nothing of its source again', async () => {
      await using on = await stage(adapter)
      let left = 0
      const items = (async function* () {
        try {
          yield 'one'
          await on.witness.released
          yield 'two'
        } finally {
          left++
        }
      })()
      const stream = await on.connect().uploads.shout(undefined, { items })
      const told: string[] = []
      const reading = (async () => {
        for await (const item of stream) told.push(item)
      })()
      reading.catch(() => {})
      await eventually(() => expect(told).toEqual(['ONE']))
      await on.server.stop()
      await on.server.start()
      await expect(reading).rejects.toMatchObject({ code: 'SESSION_LOST' })
      on.witness.release()
      await eventually(() => expect(left).toBe(1))
    })
  })
}

/** A ReadableStream of 1, 2, 3, whatever is written into it. */
function numbered(): TransformStream<Uint8Array, number> {
  return new TransformStream({
    flush(controller) {
      for (const number of [1, 2, 3]) controller.enqueue(number)
    },
  })
}

async function* strings(numbers: AsyncIterable<number>): AsyncGenerator<string, void> {
  for await (const number of numbers) yield String(number)
}
