import { getEventListeners } from 'node:events'
import type { Environment } from '@hotline/core/internal'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClientConnection } from './client-connection.ts'
import { followPage } from './follow-page.ts'
import { settings } from './options.ts'

// The visible state shows times of the wall clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 0 }))
afterEach(() => void vi.useRealTimers())

/** Time stands still, and chance is what the test says. */
class Still implements Environment {
  chance = 0.9
  now = () => 0
  random = () => this.chance
  newId = (characters: number) => 'x'.repeat(characters)
  setTimer = () => () => {}
  defer = () => {}
}

/** A client that couldn't connect and waits, on a page. */
async function waiting() {
  const world = new Still()
  const connection = new ClientConnection(settings({}, openNothing, world))
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  const page = Object.assign(new EventTarget(), { document })
  followPage(connection, page)
  connection.connect()
  await new Promise((resolve) => setImmediate(resolve))
  world.chance = 0.1
  return { connection, page, document }
}

function openNothing(): never {
  throw new Error('no network')
}

describe('a client that waits', () => {
  it('B10: tries sooner when the network is back, after a jitter of its own', async () => {
    const { connection, page } = await waiting()
    expect(connection.state).toMatchObject({ name: 'waiting', retryAt: 450 })
    page.dispatchEvent(new Event('online'))
    expect(connection.state).toMatchObject({ name: 'waiting', retryAt: 50 })
  })

  it('B10: tries sooner when its page is looked at again, and not when it is left', async () => {
    const { connection, document } = await waiting()
    document.dispatchEvent(new Event('visibilitychange'))
    expect(connection.state).toMatchObject({ retryAt: 450 })
    document.visibilityState = 'visible'
    document.dispatchEvent(new Event('visibilitychange'))
    expect(connection.state).toMatchObject({ retryAt: 50 })
  })
})

describe('a page that is left', () => {
  it('closes its connection where it is gone for good', async () => {
    const { connection, page } = await waiting()
    page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }))
    expect(connection.state.name).toBe('closed')
  })

  it('pauses its connection in the back/forward cache, and connects when it is shown again', async () => {
    const { connection, page } = await waiting()
    page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
    expect(connection.state).toMatchObject({ name: 'waiting', reason: 'The application is paused.' })
    page.dispatchEvent(new Event('online'))
    expect(connection.state).toMatchObject({ name: 'waiting', reason: 'The application is paused.' })
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(connection.state.name).toBe('authorizing')
  })
})

describe('a client that was closed', () => {
  it('leaves no listener on its page', async () => {
    const { connection, page, document } = await waiting()
    connection.close()
    for (const name of ['online', 'offline', 'pagehide', 'pageshow']) expect(getEventListeners(page, name)).toEqual([])
    expect(getEventListeners(document, 'visibilitychange')).toEqual([])
  })
})

describe('a client without a page', () => {
  it('has nothing to listen to', () => {
    const connection = new ClientConnection(settings({}, openNothing, new Still()))
    expect(() => followPage(connection, {})).not.toThrow()
    connection.close()
  })
})
