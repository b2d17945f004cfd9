import { QueryClient, type QueryKey } from '@tanstack/query-core'
import { afterEach, describe, expect, it } from 'vitest'
import { type Layer, showValue } from './shown-value.ts'

const client = new QueryClient()
afterEach(() => client.clear())

/** An entry that holds a list of numbers, or nothing yet. */
function setUp(list: number[] | null = [1], { isReading = false } = {}) {
  const query = client.getQueryCache().build<unknown, Error, unknown, QueryKey>(client, { queryKey: ['list'] })
  if (list !== null) query.setData(list, { manual: true })
  if (isReading) query.setState({ ...query.state, fetchStatus: 'fetching' })
  const shown = showValue(query)
  const begin = () => shown.begin(new AbortController().signal)
  const read = (value: number[]) => {
    query.setData(value, { manual: false })
    shown.read(value)
  }
  const push = (item: number) => shown.push((value) => [...(value as number[]), item], false)
  return { query, shown, begin, read, push, list: () => query.state.data }
}

function adding(item: number, isIn?: Layer['isIn']): Layer {
  const apply = (value: unknown) => {
    const list = value as number[]
    return list.includes(item) ? list : [...list, item]
  }
  return { apply, isIn }
}

describe('what an entry shows', () => {
  it('is the value of the server with every change over it, on each value anew', () => {
    const { shown, begin, read, push, list } = setUp()
    shown.add(adding(8))
    shown.add(adding(9))
    expect(list()).toEqual([1, 8, 9])
    push(2)
    expect(list()).toEqual([1, 2, 8, 9])
    begin()
    read([5])
    expect(list()).toEqual([5, 8, 9])
  })

  it('goes back to the value of the server when a change is dropped, the others kept', () => {
    const { shown, list } = setUp()
    const [first, second] = [adding(8), adding(9)]
    shown.add(first)
    shown.add(second)
    shown.drop(first)
    shown.drop(first)
    expect(list()).toEqual([1, 9])
  })

  it('keeps a change over a read that began before its answer, and lets go of it after one that began behind', () => {
    const { shown, begin, read, list } = setUp()
    const layer = adding(9)
    shown.add(layer)
    begin()
    shown.answer(layer, 9)
    read([1, 2])
    expect([list(), shown.isBehind()]).toEqual([[1, 2, 9], true])
    begin()
    read([1, 2])
    expect([list(), shown.isBehind()]).toEqual([[1, 2], false])
  })

  it('keeps a change over a read that had begun before anybody looked, and over no other after that', () => {
    const { shown, begin, read, list } = setUp([1], { isReading: true })
    const layer = adding(9)
    shown.add(layer)
    shown.answer(layer, 9)
    read([1, 2])
    expect([list(), shown.isBehind()]).toEqual([[1, 2, 9], true])
    begin()
    read([1, 2])
    expect([list(), shown.isBehind()]).toEqual([[1, 2], false])
  })

  it('lets go of an answered change when the value has it, and not before its answer', () => {
    const { shown, push, list } = setUp()
    const layer = adding(9, (value, result) => (value as unknown[]).includes(result))
    shown.add(layer)
    push(9)
    expect(layer.answer).toBeUndefined()
    shown.drop(layer)
    expect(list()).toEqual([1, 9])
    shown.add(layer)
    shown.answer(layer, 9)
    expect(shown.isBehind()).toBe(false)
  })

  it('does not take for the value a change that somebody else has written into it', () => {
    const { query, shown, begin, read, list } = setUp()
    const layer = adding(9, (value, result) => (value as unknown[]).includes(result))
    shown.add(layer)
    begin()
    query.setData([1, 2, 9], { manual: true })
    shown.replaced()
    shown.answer(layer, 9)
    // It began before the change was made.
    read([1])
    expect([list(), shown.isBehind()]).toEqual([[1, 9], true])
    begin()
    read([1, 9])
    expect([list(), shown.isBehind()]).toEqual([[1, 9], false])
  })

  it('takes what somebody else writes for the value, but not its own when a cancelled read brings that back', () => {
    const { query, shown, push, list } = setUp()
    const layer = adding(9)
    shown.add(layer)
    query.setState({ ...query.state, fetchStatus: 'idle' })
    shown.replaced()
    shown.drop(layer)
    expect(list()).toEqual([1])
    query.setData([7], { manual: true })
    shown.replaced()
    push(8)
    expect(list()).toEqual([7, 8])
  })

  it('is as old as the value of the server', () => {
    const { query, shown, push, list } = setUp()
    query.setData([2], { manual: true, updatedAt: 1_000 })
    shown.replaced()
    const layer = adding(9)
    shown.add(layer)
    expect([list(), query.state.dataUpdatedAt]).toEqual([[2, 9], 1_000])
    push(3)
    expect(query.state.dataUpdatedAt).toBeGreaterThan(1_000)
    query.setData([4], { manual: true, updatedAt: 2_000 })
    shown.replaced()
    shown.drop(layer)
    expect([list(), query.state.dataUpdatedAt]).toEqual([[4], 2_000])
  })

  it('is what others write, also after somebody who heard of a change has thrown', () => {
    const { query, shown, push, list } = setUp()
    const leave = client.getQueryCache().subscribe(() => expect.fail('It heard.'))
    expect(() => shown.add(adding(9))).toThrow('It heard.')
    leave()
    query.setData([7], { manual: true })
    shown.replaced()
    push(8)
    expect(list()).toEqual([7, 8, 9])
  })

  it('is nothing while the server has said nothing', () => {
    const { shown, begin, list, read } = setUp(null)
    shown.add(adding(9))
    expect(list()).toBeUndefined()
    begin()
    read([1])
    expect(list()).toEqual([1, 9])
  })
})
