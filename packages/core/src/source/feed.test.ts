import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { isHotlineError } from '../contract/hotline-error.ts'
import { isPosition, positionAt } from '../contract/tracked.ts'
import { Feed } from './feed.ts'
import { PIPED, type Pipe } from './pipe.ts'
import type { WhenFull } from './when-full.ts'

const turns = fc.array(fc.constantFrom('push', 'push', 'push', 'read'), { maxLength: 80 })
const capacities = fc.integer({ min: 1, max: 5 })

/** What a reader got: items, how many it was told that it missed, and the error at the end. */
interface Got {
  readonly items: number[]
  missed: number
  error: unknown
}

describe.each(['drop-oldest', 'latest', 'block', 'fail'] as const)('a feed with the policy "%s"', (whenFull) => {
  it('accounts for everything pushed, once and in order, to whoever reads it', async () => {
    await fc.assert(
      fc.asyncProperty(turns, capacities, async (acts, capacity) => {
        const { pushed, got } = await readByTurns(whenFull, whenFull === 'latest' ? 1 : capacity, acts)
        expectAccounted(whenFull, pushed, got)
      }),
    )
  })

  it('accounts for everything pushed, once and in order, to a pipe that has room now and then', () => {
    fc.assert(
      fc.property(turns, capacities, (acts, capacity) => {
        const { pushed, got } = pipeByTurns(whenFull, whenFull === 'latest' ? 1 : capacity, acts)
        expectAccounted(whenFull, pushed, got)
      }),
    )
  })
})

describe('E15: a feed whose reader is slower', () => {
  it.each([
    ['drop-oldest', 3, [{ missed: 97 }, 97, 98, 99]],
    ['latest', 1, [{ missed: 99 }, 99]],
  ] as const)(
    'keeps the newest with "%s", and tells how many are missing before them',
    async (whenFull, capacity, seen) => {
      const feed = newFeed(whenFull, capacity)
      for (let n = 0; n < 100; n++) void feed.push(n)
      feed.end()
      const read: unknown[] = []
      for await (const given of feed) read.push(isPosition(given) ? { missed: given.missed } : given)
      expect(read).toEqual(seen)
    },
  )

  it('ends with "fail" at once: what waited isn\'t kept for a reader who may never come', async () => {
    const undo = vi.fn()
    const feed = new Feed<number, number>({ whenFull: 'fail', capacity: 2 }, itself, () => undo)
    for (const n of [1, 2, 3]) void feed.push(n)
    expect(undo).toHaveBeenCalledTimes(1)
    await expect(feed.next()).rejects.toMatchObject({ code: 'SLOW_CONSUMER' })
    expect(await feed.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a feed', () => {
  it('gives a reader who waits what comes, and the end', async () => {
    const feed = newFeed('fail', 1)
    const reading = [feed.next(), feed.next(), feed.next()]
    void feed.push(1)
    feed.end()
    expect(await Promise.all(reading)).toEqual([{ done: false, value: 1 }, ...Array(2).fill({ done: true })])
  })

  it('tells a failure to one reader, behind what waits', async () => {
    const feed = newFeed('fail', 8)
    void feed.push(1)
    feed.fail(new Error('the line to the database is cut'))
    feed.end()
    expect(await feed.next()).toEqual({ done: false, value: 1 })
    await expect(feed.next()).rejects.toThrow('the line to the database is cut')
    expect(await feed.next()).toEqual({ done: true })
  })

  it('says where it begins before everything else, and counts that as nothing missed', async () => {
    const feed = newFeed('latest', 1)
    feed.beginAt(positionAt('e7', true))
    for (const n of [1, 2, 3]) void feed.push(n)
    feed.end()
    const read: unknown[] = []
    for await (const given of feed) read.push(isPosition(given) ? { id: given.eventId, missed: given.missed } : given)
    expect(read).toEqual([{ id: 'e7', missed: undefined }, { id: undefined, missed: 2 }, 3])
  })

  it.each([
    ['is left', (feed: Feed<number, number>) => feed.return()],
    ['is left twice', (feed: Feed<number, number>) => feed.return().then(() => feed.return())],
    ['is disposed of', (feed: Feed<number, number>) => feed[Symbol.asyncDispose]()],
    ['ends', (feed: Feed<number, number>) => feed.end()],
    ['ends and is left', (feed: Feed<number, number>) => Promise.all([feed.end(), feed.return()])],
    ['fails', (feed: Feed<number, number>) => feed.fail(new Error('no more'))],
    ['overflows', (feed: Feed<number, number>) => Promise.all([feed.push(1), feed.push(2), feed.push(3)])],
  ])('runs its undo exactly once when it %s', async (_, end) => {
    const undo = vi.fn()
    const feed = new Feed<number, number>({ whenFull: 'fail', capacity: 1 }, itself, () => undo)
    await end(feed)
    await feed.return()
    expect(undo).toHaveBeenCalledTimes(1)
  })

  it('runs its undo when its signal aborts, and leaves no listener there', async () => {
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    const undo = vi.fn()
    const feed = new Feed<number, number>({ whenFull: 'fail', signal: controller.signal }, itself, () => undo)
    void feed.push(1)
    controller.abort()
    void feed.push(2)
    expect(undo).toHaveBeenCalledTimes(1)
    expect(remove).toHaveBeenCalledTimes(1)
    expect([await feed.next(), await feed.next()]).toEqual([{ done: false, value: 1 }, { done: true }])
  })

  it('leaves one listener to a signal that it shares: a handler may follow many things with its own', async () => {
    const controller = new AbortController()
    const options = { whenFull: 'fail', signal: controller.signal } as const
    const feeds = Array.from({ length: 20 }, () => new Feed<number, number>(options, itself, () => undefined))
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    for (const feed of feeds.slice(1)) await feed.return()
    const ending = feeds[0]?.next()
    controller.abort()
    expect(await ending).toEqual({ done: true, value: undefined })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('never begins where its signal has aborted before', async () => {
    const begin = vi.fn()
    const feed = new Feed<number, number>({ whenFull: 'fail', signal: AbortSignal.abort() }, itself, begin)
    expect(await feed.next()).toEqual({ done: true })
    expect(begin).not.toHaveBeenCalled()
  })

  it('tells its reader what its undo throws, and not whoever pushes', async () => {
    const begin = () => () => {
      throw new Error('could not stop')
    }
    const feed = new Feed<number, number>({ whenFull: 'fail', capacity: 1 }, itself, begin)
    for (const n of [1, 2]) void feed.push(n)
    await expect(feed.next()).rejects.toThrow('could not stop')
    await expect(new Feed({ whenFull: 'fail' }, itself, begin).return()).rejects.toThrow('could not stop')
  })
})

function itself(entry: number): number {
  return entry
}

function newFeed(whenFull: WhenFull, capacity: number): Feed<number, number> {
  return new Feed({ whenFull, capacity }, itself, () => undefined)
}

function expectAccounted(whenFull: WhenFull, pushed: number, { items, missed, error }: Got): void {
  expect(items).toEqual([...new Set(items)].sort((one, other) => one - other))
  if (whenFull === 'block' || whenFull === 'fail') {
    expect(missed).toBe(0)
    expect(items).toEqual(items.map((_, n) => n))
  }
  if (error === undefined) return expect(items.length + missed).toBe(pushed)
  expect(whenFull).toBe('fail')
  expect(isHotlineError(error, 'SLOW_CONSUMER')).toBe(true)
}

function note(got: Got, given: unknown): void {
  if (isPosition(given)) got.missed += given.missed ?? Number.NaN
  // Nothing else was pushed.
  else got.items.push(given as number)
}

/** Reads as a loop does; some reads wait. */
async function readByTurns(whenFull: WhenFull, capacity: number, acts: readonly string[]) {
  const got: Got = { items: [], missed: 0, error: undefined }
  const feed = newFeed(whenFull, capacity)
  const reading: Promise<void>[] = []
  const read = () => {
    const step = feed.next()
    reading.push(
      step.then(
        ({ done, value }) => (done === true ? undefined : note(got, value)),
        (error) => {
          got.error ??= error
        },
      ),
    )
  }
  let pushed = 0
  for (const act of acts) {
    if (act === 'read') read()
    else void feed.push(pushed++)
  }
  feed.end()
  // A gap takes a read too.
  for (let left = acts.length * 2 + 1; left > 0; left--) read()
  await Promise.all(reading)
  return { pushed, got }
}

/** Each read is room for one more entry. */
function pipeByTurns(whenFull: WhenFull, capacity: number, acts: readonly string[]) {
  const got: Got = { items: [], missed: 0, error: undefined }
  const feed = newFeed(whenFull, capacity)
  let room = 0
  const pipe: Pipe<unknown> = {
    get hasRoom() {
      return room > 0
    },
    send(entry) {
      room--
      note(got, entry)
    },
    wait: () => {},
    ended: (failure) => {
      got.error = failure?.error
    },
  }
  feed[PIPED](pipe)
  let pushed = 0
  for (const act of acts) {
    if (act === 'read') {
      room++
      feed.drain()
    } else {
      void feed.push(pushed++)
    }
  }
  room = Number.POSITIVE_INFINITY
  feed.end()
  feed.drain()
  return { pushed, got }
}
