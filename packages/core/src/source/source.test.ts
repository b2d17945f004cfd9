import { describe, expect, it, vi } from 'vitest'
import { source } from './source.ts'

describe('a source', () => {
  it('starts where it is read, anew for each reader, and not before', async () => {
    const start = vi.fn((push: (item: number) => void) => push(start.mock.calls.length))
    const numbers = source<number>(start, { whenFull: 'fail' })
    expect(start).not.toHaveBeenCalled()
    const [one, other] = [numbers[Symbol.asyncIterator](), numbers[Symbol.asyncIterator]()]
    expect([await one.next(), await other.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
    ])
    await Promise.all([one.return(), other.return()])
  })

  it('loses nothing that is pushed between its start and the first read', async () => {
    let push: (item: string) => void = () => {}
    const words = source<string>(
      (given) => {
        push = given
      },
      { whenFull: 'fail' },
    )
    const reader = words[Symbol.asyncIterator]()
    push('early')
    expect(await reader.next()).toEqual({ done: false, value: 'early' })
    await reader.return()
  })

  it('runs its undo once, and aborts its signal, when its reader leaves', async () => {
    const undo = vi.fn()
    let signal: AbortSignal | undefined
    const numbers = source<number>(
      (push, control) => {
        signal = control.signal
        void push(1)
        return undo
      },
      { whenFull: 'fail' },
    )
    for await (const number of numbers) {
      expect([number, undo.mock.calls.length, signal?.aborted]).toEqual([1, 0, false])
      break
    }
    expect([undo.mock.calls.length, signal?.aborted]).toEqual([1, true])
  })

  it('runs its undo too where it ends before it has given one', async () => {
    const undo = vi.fn()
    const none = source<number>(
      (_, { end }) => {
        end()
        return undo
      },
      { whenFull: 'fail' },
    )
    expect(await none[Symbol.asyncIterator]().next()).toEqual({ done: true })
    expect(undo).toHaveBeenCalledTimes(1)
  })

  it('tells what an undo rejects with that takes its time, whether it ends or is left', async () => {
    const unlisten = async () => {
      await undefined
      throw new Error('the line is gone')
    }
    const ending = source<number>(
      (push, { end }) => {
        void push(1)
        setImmediate(end)
        return unlisten
      },
      { whenFull: 'fail' },
    )
    const [ended, left] = [ending[Symbol.asyncIterator](), ending[Symbol.asyncIterator]()]
    expect([await ended.next(), await left.next()]).toEqual(Array(2).fill({ done: false, value: 1 }))
    await expect(left.return()).rejects.toThrow('the line is gone')
    await expect(ended.next()).rejects.toThrow('the line is gone')
  })

  it('has not ended before its undo has, unless its reader leaves', async () => {
    const undone: (() => void)[] = []
    const none = source<number>(
      (_, { end }) => {
        end()
        return () => new Promise<void>((resolve) => undone.push(resolve))
      },
      { whenFull: 'fail' },
    )
    const [waits, leaves] = [none[Symbol.asyncIterator](), none[Symbol.asyncIterator]()]
    const told: string[] = []
    const [waiting, leaving] = [waits.next(), leaves.next()]
    void waiting.then(() => told.push('ended'))
    void leaving.then(() => told.push('left'))
    await leaves.return()
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toEqual(['left'])
    for (const resolve of undone) resolve()
    expect(await waiting).toEqual({ done: true })
  })

  it('that gives a promise ends as that does', async () => {
    const two = source<number>(async (push) => [1, 2].forEach((number) => void push(number)), { whenFull: 'block' })
    const read: number[] = []
    for await (const number of two) read.push(number)
    expect(read).toEqual([1, 2])
    const broken = source<number>(() => Promise.reject(new Error('no cursor')), { whenFull: 'block' })
    await expect(broken[Symbol.asyncIterator]().next()).rejects.toThrow('no cursor')
    // biome-ignore lint/suspicious/noThenProperty: a promise of a library's own
    const own = { then: (_: unknown, reject: (error: Error) => void) => reject(new Error('no query')) }
    const other = source<number>(() => own as unknown as Promise<void>, { whenFull: 'block' })
    await expect(other[Symbol.asyncIterator]().next()).rejects.toThrow('no query')
  })

  it('that throws as it starts fails its reader, and its signal aborts', async () => {
    let signal: AbortSignal | undefined
    const broken = source<number>(
      (_, control) => {
        signal = control.signal
        throw new Error('no such channel')
      },
      { whenFull: 'fail' },
    )
    await expect(broken[Symbol.asyncIterator]().next()).rejects.toThrow('no such channel')
    expect(signal?.aborted).toBe(true)
  })

  it('that can wait is a step ahead of its reader, and no more', async () => {
    let produced = 0
    const endless = source<number>(
      async (push, { signal }) => {
        while (!signal.aborted) await push(produced++)
      },
      { whenFull: 'block', capacity: 4 },
    )
    let read = 0
    for await (const number of endless) {
      expect(number).toBe(read++)
      await new Promise((resolve) => setImmediate(resolve))
      expect(produced - read).toBeLessThanOrEqual(5)
      if (read === 50) break
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(produced - read).toBeLessThanOrEqual(5)
  })
})
