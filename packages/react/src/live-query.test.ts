import { QueryClient, type QueryKey } from '@tanstack/query-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followQuery } from './live-query.ts'
import type { Layer } from './shown-value.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A query that nobody observes, with a list of numbers. */
function setUp() {
  const client = new QueryClient()
  const query = client.getQueryCache().build<unknown, Error, unknown, QueryKey>(client, { queryKey: ['list'] })
  query.setData([1], { manual: true })
  const live = followQuery(query)
  const change = (item: number, isIn?: Layer['isIn']): Layer => {
    const layer = { apply: (list: unknown) => [...(list as number[]), item], isIn }
    live.shown.add(layer)
    return layer
  }
  const state = () => ({ data: query.state.data, isStale: query.state.isInvalidated })
  return { client, live, change, state }
}

const isIn = (list: unknown, item: unknown) => (list as unknown[]).includes(item)

describe('a change that was answered', () => {
  it('stays in an entry that nobody looks at, which is stale when the item that brings it is late', () => {
    const { client, live, change, state } = setUp()
    live.answer(change(8, isIn), 8)
    vi.advanceTimersByTime(999)
    expect(state()).toEqual({ data: [1, 8], isStale: false })
    vi.advanceTimersByTime(1)
    expect(state()).toEqual({ data: [1, 8], isStale: true })
    expect(live.shown.server()).toEqual([1, 8])
    client.clear()
  })

  it('is waited for no longer once another one makes the entry stale', () => {
    const { client, live, change, state } = setUp()
    live.answer(change(8, isIn), 8)
    live.answer(change(9), 9)
    expect(state()).toEqual({ data: [1, 8, 9], isStale: true })
    expect(vi.getTimerCount()).toBe(0)
    live.close()
    client.clear()
  })

  it('is waited for no longer than the query is followed', () => {
    const { client, live, change, state } = setUp()
    live.answer(change(8, isIn), 8)
    live.close()
    expect(state()).toEqual({ data: [1, 8], isStale: false })
    expect(live.shown.server()).toEqual([1, 8])
    client.clear()
  })
})
