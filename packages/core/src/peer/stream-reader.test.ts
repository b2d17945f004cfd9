import { describe, expect, test, vi } from 'vitest'
import { HotlineError } from '../contract/hotline-error.ts'
import { CreditPool } from './credit-pool.ts'
import { StreamReader } from './stream-reader.ts'

function newReader(stop = () => {}): StreamReader {
  return new StreamReader(new CreditPool(), { stop, grant: () => {} })
}

describe('a stream', () => {
  test('leaves its items to the loop where an observer only wants to hear of gaps', async () => {
    const stream = newReader()
    const [gap, complete] = [vi.fn(), vi.fn()]
    stream.on({ gap, complete })
    stream.push(1, 1, undefined)
    stream.reopened()
    stream.push(2, 1, undefined)
    stream.end('done')
    expect(await read(stream)).toEqual([1, 2])
    expect(gap).toHaveBeenCalledTimes(1)
    expect(complete).toHaveBeenCalledTimes(1)
  })

  test('tells an observer nothing more once it has been left, even where all of it has arrived', async () => {
    const stop = vi.fn()
    const stream = newReader(stop)
    for (const item of [1, 2, 3]) stream.push(item, 1, undefined)
    stream.end('done')
    const told: unknown[] = []
    stream.on({
      next: (item) => {
        told.push(item)
        if (item === 2) stream.stop()
      },
      complete: () => told.push('complete'),
    })
    expect(told).toEqual([1, 2])
    expect(stop).not.toHaveBeenCalled()
  })
})

describe('a stream that nobody reads', () => {
  test('tells those who only want to hear of its end at once, and keeps its items for a loop', async () => {
    const stream = newReader()
    const complete = vi.fn()
    stream.on({ complete })
    stream.push(1, 1, undefined)
    stream.end('done')
    expect(complete).toHaveBeenCalledTimes(1)
    expect(await read(stream)).toEqual([1])
  })
})

describe('a stream that was left', () => {
  test('tells nothing to whoever comes then, and has ended for its loop', async () => {
    const stream = newReader()
    expect(await stream.return('why')).toEqual({ done: true, value: 'why' })
    const [error, complete, gap] = [vi.fn(), vi.fn(), vi.fn()]
    stream.on({ error, complete, gap })
    stream.moveTo({ eventId: 'e', gap: true })
    expect([error, complete, gap].flatMap(({ mock }) => mock.calls)).toEqual([])
    expect([await stream.next(), stream.lastEventId]).toEqual([{ done: true, value: undefined }, undefined])
  })
})

describe('gaps in a stream', () => {
  test('that nobody has read add up, as long as nothing lies between them', () => {
    const stream = newReader()
    stream.push('unread', 1, undefined)
    for (const missed of [2, 3]) stream.moveTo({ gap: true, missed })
    stream.push('between', 1, undefined)
    for (const missed of [4, undefined, 5]) stream.moveTo(missed === undefined ? { gap: true } : { gap: true, missed })
    const told: unknown[] = []
    stream.on({ next: (item) => told.push(item), gap: (missed) => told.push({ missed }) })
    expect(told).toEqual(['unread', { missed: 5 }, 'between', { missed: undefined }])
  })

  test('are told one by one to whoever has read what was before them', () => {
    const stream = newReader()
    const gap = vi.fn()
    stream.on({ next: () => {}, gap })
    for (const missed of [2, 3]) stream.moveTo({ gap: true, missed })
    expect(gap.mock.calls).toEqual([[2], [3]])
  })
})

async function read(stream: StreamReader): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) items.push(item)
  return items
}

describe('a loop over a stream', () => {
  test('gets what came before it began, and waits for what comes later', async () => {
    const stream = newReader()
    stream.push(1, 1, undefined)
    const items = read(stream)
    await Promise.resolve()
    stream.push(2, 1, undefined)
    stream.push(undefined, 1, undefined)
    stream.end('done')
    expect(await items).toEqual([1, 2, undefined])
    expect(await stream.result).toBe('done')
  })

  test('gets the error after the items before it, once, and the result rejects with the same', async () => {
    const stream = newReader()
    const error = new HotlineError('NOT_FOUND')
    stream.push(1, 1, undefined)
    stream.fail(error)
    expect(await stream.next()).toEqual({ done: false, value: 1 })
    await expect(stream.next()).rejects.toBe(error)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await expect(stream.result).rejects.toBe(error)
  })

  test('gets the result as the value of its end, once', async () => {
    const stream = newReader()
    stream.end('done')
    expect(await stream.next()).toEqual({ done: true, value: 'done' })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('that is left stops the producer once, forgets what was not read, and ends for other readers', async () => {
    const stop = vi.fn()
    const stream = newReader(stop)
    stream.push(1, 1, undefined)
    stream.push(2, 1, undefined)
    for await (const _ of stream) break
    await stream[Symbol.asyncDispose]()
    stream.push(3, 1, undefined)
    expect(await read(stream)).toEqual([])
    expect(stop).toHaveBeenCalledTimes(1)
    await expect(stream.result).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  test('shares the items with a second one: each goes to one of them, and the error to the first that waits', async () => {
    const stream = newReader()
    const [first, second] = [stream.next(), stream.next()]
    stream.push(1, 1, undefined)
    stream.push(2, 1, undefined)
    expect(await Promise.all([first, second])).toMatchObject([{ value: 1 }, { value: 2 }])
    const [third, fourth] = [stream.next(), stream.next()]
    stream.fail(new HotlineError('NOT_FOUND'))
    await expect(third).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await fourth).toEqual({ done: true, value: undefined })
  })

  test('takes only the first end', async () => {
    const stream = newReader()
    stream.end('done')
    stream.fail(new HotlineError('NOT_FOUND'))
    stream.push(1, 1, undefined)
    expect(await stream.next()).toEqual({ done: true, value: 'done' })
    expect(await stream.result).toBe('done')
  })
})

describe("a stream's observer", () => {
  test('that is added by another one hears the items in their order', () => {
    const stream = newReader()
    for (const item of [1, 2, 3]) stream.push(item, 1, undefined)
    stream.end('done')
    const told: unknown[] = []
    stream.on({
      next: (item) => {
        if (item === 1) stream.on({ next: (same) => told.push(same), complete: () => told.push('complete') })
      },
    })
    expect(told).toEqual([1, 2, 3, 'complete'])
  })

  test.each([undefined, null, () => {}])('is an object, not %s, which would be told nothing', (observer) => {
    const stream = newReader()
    expect(() => stream.on(observer as object)).toThrow('An observer is an object, as in stream.on({ next: show })')
    stream.push(1, 1, undefined)
    stream.end('done')
  })

  test('is told what waited, what comes, and the end, and nothing after it', () => {
    const stream = newReader()
    const told: unknown[] = []
    stream.push(1, 1, undefined)
    stream.on({
      next: (item) => told.push(item),
      complete: () => told.push('complete'),
      error: () => told.push('error'),
    })
    stream.push(2, 1, undefined)
    stream.end('done')
    stream.push(3, 1, undefined)
    expect(told).toEqual([1, 2, 'complete'])
  })

  test('that comes after the end is told all the same', () => {
    const stream = newReader()
    const error = new HotlineError('NOT_FOUND')
    stream.push(1, 1, undefined)
    stream.fail(error)
    const [next, fails] = [vi.fn(), vi.fn()]
    stream.on({ next, error: fails })
    expect([next.mock.calls, fails.mock.calls]).toEqual([[[1]], [[error]]])
  })

  test('that comes after the end hears of the gap before it, at its place', () => {
    const stream = newReader()
    stream.push(1, 1, undefined)
    stream.moveTo({ gap: true, missed: 2 })
    stream.push(2, 1, undefined)
    stream.end('done')
    const told: unknown[] = []
    stream.on({
      next: (item) => told.push(item),
      gap: (missed) => told.push({ missed }),
      complete: () => told.push('complete'),
    })
    expect(told).toEqual([1, { missed: 2 }, 2, 'complete'])
  })

  test('that is removed is told nothing more, and the others are', () => {
    const stream = newReader()
    const [first, second] = [vi.fn(), vi.fn()]
    const remove = stream.on({ next: first })
    stream.on({ next: second })
    stream.push(1, 1, undefined)
    remove()
    stream.push(2, 1, undefined)
    expect([first.mock.calls, second.mock.calls]).toEqual([[[1]], [[1], [2]]])
  })

  test('E9: that a loop reads slowly tells of a gap at its place, also where the end has come meanwhile', async () => {
    const stream = newReader()
    const seen: unknown[] = []
    stream.on({ gap: () => seen.push('gap'), complete: () => seen.push('complete') })
    const first = stream.next()
    for (const item of [1, 2, 3]) stream.push(item, 1, undefined)
    stream.reopened()
    stream.push(9, 1, undefined)
    stream.end('done')
    seen.push((await first).value)
    for (let step = await stream.next(); step.done !== true; step = await stream.next()) seen.push(step.value)
    expect(seen).toEqual([1, 2, 3, 'gap', 9, 'complete'])
  })
})
