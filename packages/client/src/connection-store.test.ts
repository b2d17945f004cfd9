import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectionStore } from './connection-store.ts'
import { connectionOf, createClient } from './create-client.ts'
import type { WebSocketClass } from './web-socket.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A network that is down: every attempt fails at once. */
const WebSocket = class {
  constructor() {
    throw new Error('There is no network.')
  }
} as unknown as WebSocketClass

const NOTHING = { attempt: 0, nextRetryAt: undefined, reason: undefined, rttMs: undefined, offline: false }

describe('the store of a connection', () => {
  it('gives the same object until something changes, and tells of that', async () => {
    // The next attempt is as far away as it can be.
    vi.spyOn(Math, 'random').mockReturnValue(0.99)
    const client = createClient({ url: 'ws://localhost/rpc', WebSocket })
    const line = connectionStore(client)
    expect(line.get()).toEqual({ name: 'idle', ...NOTHING, retryNow: expect.any(Function) })
    const heard: string[] = []
    const leave = line.subscribe(() => heard.push(line.get().name))
    const before = line.get()
    expect(line.get()).toBe(before)
    before.retryNow()
    expect(heard).toEqual(['authorizing'])
    await vi.waitFor(() => expect(line.get().name).toBe('waiting'))
    expect(line.get()).toMatchObject({ attempt: 1, reason: 'There is no network.', nextRetryAt: expect.any(Number) })
    expect(line.idle()).toMatchObject({ name: 'idle', ...NOTHING })
    leave()
    const { length } = heard
    line.get().retryNow()
    expect(line.get().name).toBe('authorizing')
    expect(heard).toHaveLength(length)
    connectionOf(client).close()
  })

  it('believes the browser that there is no network, and listens to it for as long as somebody listens here', () => {
    const page = new EventTarget()
    const navigator = { onLine: true }
    vi.stubGlobal('navigator', navigator)
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
    const line = connectionStore()
    const heard: boolean[] = []
    const leave = line.subscribe(() => heard.push(line.get().offline))
    navigator.onLine = false
    page.dispatchEvent(new Event('offline'))
    navigator.onLine = true
    page.dispatchEvent(new Event('online'))
    leave()
    page.dispatchEvent(new Event('offline'))
    expect(heard).toEqual([true, false])
  })

  it('stays idle without a client, and refuses what is none', () => {
    const line = connectionStore()
    line.get().retryNow()
    expect(line.get()).toMatchObject({ name: 'idle', ...NOTHING })
    expect(() => connectionStore({})).toThrow('This is no client: give what createClient() gave, whole')
  })
})
