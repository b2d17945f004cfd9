// @vitest-environment happy-dom
import { connectionOf } from '@hotline/client'
import { useConnection, useSubscription } from '@hotline/react'
import { skipToken } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createStage } from './fixture/task-server.ts'

type Stage = ReturnType<typeof createStage>

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const inStrictMode = { wrapper: StrictMode }

describe('useSubscription', () => {
  it('opens one stream in strict mode, hands on each item, and closes it with the component', async () => {
    await using stage = createStage()
    const { hot, server, line } = stage
    const items: string[] = []
    const onItem = (change: { type: string }) => void items.push(change.type)
    let opened = 0
    const options = () => {
      const made = hot.tasks.changes.subscriptionOptions(undefined, { onItem })
      const subscribe = (signal: AbortSignal) => {
        opened++
        return made.subscribe?.(signal) ?? Promise.reject(new Error('It is skipped.'))
      }
      return { ...made, subscribe }
    }
    const { result, unmount } = renderHook(() => useSubscription(options()), inStrictMode)
    expect(result.current).toMatchObject({ status: 'connecting', data: undefined, error: null, missed: 0 })
    await expect.poll(() => result.current.status).toBe('open')
    server.add('bread')
    server.add('eggs')
    await expect.poll(() => items).toEqual(['added', 'added'])
    expect(result.current.data).toMatchObject({ task: { title: 'eggs' } })
    expect(opened).toBe(1)
    unmount()
    await expect.poll(() => line.stats().streams).toBe(0)
  })

  it('opens nothing for a component that is gone at once', async () => {
    await using stage = createStage()
    const { hot, server, api } = stage
    renderHook(() => useSubscription(hot.tasks.changes.subscriptionOptions()), inStrictMode).unmount()
    await api.tasks.list()
    expect(server.seen.streams).toBe(0)
  })

  it('closes the stream of one input and opens that of another', async () => {
    await using stage = createStage()
    const { hot } = stage
    const { result, rerender } = renderHook(({ n }) => useSubscription(hot.tasks.words.subscriptionOptions(n)), {
      initialProps: { n: 1 },
    })
    await expect.poll(() => result.current).toMatchObject({ status: 'done', data: 'word 1' })
    rerender({ n: 3 })
    expect(result.current).toMatchObject({ status: 'connecting', data: undefined })
    await expect.poll(() => result.current).toMatchObject({ status: 'done', data: 'word 3' })
  })

  it('is idle while it is not enabled or its input is skipped', async () => {
    await using stage = createStage()
    const { hot, server, api } = stage
    const disabled = hot.tasks.changes.subscriptionOptions(undefined, { enabled: false })
    const skipped = hot.tasks.words.subscriptionOptions(skipToken)
    const { result } = renderHook(() => [useSubscription(disabled), useSubscription(skipped)])
    await api.tasks.list()
    expect(result.current.map(({ status }) => status)).toEqual(['idle', 'idle'])
    expect(server.seen.streams).toBe(0)
  })

  it('says why it was refused, and tries again when told', async () => {
    await using stage = createStage()
    const { hot, server } = stage
    const { result } = renderHook(() => useSubscription(hot.tasks.refused.subscriptionOptions()), inStrictMode)
    await expect.poll(() => result.current).toMatchObject({ status: 'error', error: { code: 'FORBIDDEN' } })
    act(() => result.current.restart())
    await expect.poll(() => server.seen.streams).toBe(2)
    await expect.poll(() => result.current.status).toBe('error')
  })

  it('tells of a gap after a lost session, and goes on', async () => {
    await using stage = createStage()
    const { hot, server, restart } = stage
    const { result } = renderHook(() => useSubscription(hot.tasks.changes.subscriptionOptions()))
    await expect.poll(() => result.current.status).toBe('open')
    await restart()
    await expect.poll(() => result.current.missed).toBe(undefined)
    server.add('bread')
    await expect.poll(() => result.current.data).toMatchObject({ task: { title: 'bread' } })
  })
})

describe('useSubscription without options', () => {
  it.each([
    ['nothing', () => undefined],
    ['the promise of a stream', () => Promise.resolve()],
    ['what makes options', (hot: Stage['hot']) => hot.tasks.changes],
  ])('refuses %s', async (_, given) => {
    await using stage = createStage()
    // What has no types may do this.
    expect(() => renderHook(() => useSubscription(given(stage.hot) as never))).toThrow(
      'A subscription needs { subscribe }, a function, as subscriptionOptions() gives it.',
    )
  })
})

describe('useConnection', () => {
  it('shows the line, its next attempt, and tries now when told', async () => {
    await using stage = createStage()
    const { api, line } = stage
    const { result } = renderHook(() => useConnection(api), inStrictMode)
    expect(result.current).toMatchObject({ name: 'idle', attempt: 0, nextRetryAt: undefined, offline: false })
    await api.tasks.list()
    await expect.poll(() => result.current).toMatchObject({ name: 'open', rttMs: expect.any(Number) })
    await line.stop()
    await expect
      .poll(() => result.current)
      .toMatchObject({
        name: 'waiting',
        nextRetryAt: expect.any(Number),
        reason: expect.any(String),
      })
    line.start()
    act(() => result.current.retryNow())
    await expect.poll(() => result.current.name).toBe('open')
  })

  it('believes the browser that there is no network', async () => {
    await using stage = createStage()
    const { result, unmount } = renderHook(() => useConnection(stage.api))
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
    dispatchEvent(new Event('offline'))
    await expect.poll(() => result.current.offline).toBe(true)
    Reflect.deleteProperty(navigator, 'onLine')
    dispatchEvent(new Event('online'))
    await expect.poll(() => result.current.offline).toBe(false)
    unmount()
  })

  it.each([
    // What has no types may do this.
    ['nothing', () => undefined as unknown as object],
    ['null', () => null as unknown as object],
    ['a connection', (api: object) => connectionOf(api) as object],
    ['an object', () => ({})],
  ])('refuses %s, which is no client, in a page', async (_, given) => {
    await using stage = createStage()
    expect(() => renderHook(() => useConnection(given(stage.api)))).toThrow(
      'This is no client: give what createClient() gave, whole',
    )
  })
})
