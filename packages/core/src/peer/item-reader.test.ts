import { describe, expect, it } from 'vitest'
import { badInput } from '../contract/bad-input.ts'
import { ItemReader } from './item-reader.ts'

function setUp(check: (item: unknown) => unknown = (item) => item) {
  const told: unknown[] = []
  const reader = new ItemReader({ check, read: (size) => told.push(size), stop: () => told.push('stop') })
  return { reader, told }
}

async function collect(reader: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of reader) items.push(item)
  return items
}

describe('the items of an upload', () => {
  it('are read in order, whether they came before or after they were asked for', async () => {
    const { reader, told } = setUp()
    reader.push('a', 1)
    const reading = collect(reader)
    reader.push('b', 2)
    await new Promise((resolve) => setImmediate(resolve))
    reader.push('c', 3)
    reader.end()
    expect([await reading, told]).toEqual([
      ['a', 'b', 'c'],
      [1, 2, 3],
    ])
  })

  it('answer those who ask at once, each with the next one, and the rest with the end', async () => {
    const { reader } = setUp()
    const asked = [reader.next(), reader.next(), reader.next()]
    reader.push(1, 1)
    reader.push(2, 1)
    reader.end()
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([1, 2, undefined])
  })

  it('are what the schema makes of them, also where it takes its time', async () => {
    const { reader } = setUp(async (item) => Number(item) * 2)
    for (const item of [1, 2]) reader.push(item, 1)
    reader.end()
    expect(await collect(reader)).toEqual([2, 4])
  })

  it('are stopped once when their loop is left, and what was unread counts as read after that', async () => {
    const { reader, told } = setUp()
    for (const size of [1, 2, 3]) reader.push('x', size)
    for await (const _ of reader) break
    expect(await reader.return()).toEqual({ done: true, value: undefined })
    expect(told).toEqual([1, 'stop', 2, 3])
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('are not stopped by a loop that has read them all', async () => {
    const { reader, told } = setUp()
    reader.end()
    for await (const _ of reader);
    await reader.return()
    expect(told).toEqual([])
  })

  it('end with the refusal of one that does not fit, which stops the rest', async () => {
    const refusal = badInput([])
    const { reader, told } = setUp((item) => {
      if (item === 'bad') throw refusal
      return item
    })
    for (const item of ['good', 'bad', 'good']) reader.push(item, 1)
    await expect(collect(reader)).rejects.toBe(refusal)
    expect([reader.refusal, told]).toEqual([refusal, [1, 1, 'stop', 1]])
  })

  it('tell why the call is over: whoever waits, and else whoever asks next, once', async () => {
    const reason = new Error('gone')
    const waiting = setUp().reader
    const asked = waiting.next()
    waiting.fail(reason)
    await expect(asked).rejects.toBe(reason)
    const unread = setUp().reader
    unread.push('lost', 1)
    unread.fail(reason)
    await expect(unread.next()).rejects.toBe(reason)
    expect(await unread.next()).toEqual({ done: true, value: undefined })
  })

  it('tell why the call is over though they were complete, where one was not read', async () => {
    const { reader, told } = setUp()
    reader.push('unread', 7)
    reader.end()
    const reason = new Error('gone')
    reader.fail(reason)
    expect(told).toEqual([7])
    await expect(reader.next()).rejects.toBe(reason)
  })

  it('never look complete where they have failed, though the caller says that it has sent them all', async () => {
    const { reader } = setUp()
    const reason = new Error('of the second one')
    reader.push('first', 1)
    reader.fail(reason)
    reader.end()
    await expect(collect(reader)).rejects.toBe(reason)
  })

  it('are complete though their call fails later, where all was read', async () => {
    const { reader } = setUp()
    reader.end()
    reader.fail(new Error('later'))
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })
})
