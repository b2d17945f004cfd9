import type { ClientEvent } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { Credentials } from './credentials.ts'
import { settings } from './options.ts'

/** Credentials in a world whose clock and chance are the test's, and what they told and sent. */
function credentials(auth: (() => unknown) | undefined, random = 0.5) {
  const world = { now: 0 }
  const environment = {
    now: () => world.now,
    random: () => random,
    setTimer: () => () => {},
    defer: () => {},
    newId: (characters: number) => 'x'.repeat(characters),
  }
  const openSocket = () => {
    throw new Error('Credentials open no socket.')
  }
  const asked = new Credentials(settings({ auth }, openSocket, environment))
  const told: ClientEvent[] = []
  const sent: string[] = []
  return {
    world,
    told,
    sent,
    asked,
    ask: () => asked.ask((event) => told.push(event)),
    renew: () => asked.renew((frame) => void sent.push(frame)),
  }
}

/** Promises have settled. */
const settled = () => new Promise(setImmediate)

/** An `auth` whose answers come when the test gives them, in any order. */
function held() {
  const answers: ((token: string) => void)[] = []
  return { answers, auth: () => new Promise<string>((resolve) => answers.push(resolve)) }
}

describe('credentials', () => {
  test('are told as the server will read them', async () => {
    const { told, ask } = credentials(() => ({ token: 't', at: new Date(0), none: undefined }))
    ask()
    await settled()
    expect(told).toStrictEqual([{ name: 'auth', auth: { token: 't', at: '1970-01-01T00:00:00.000Z' } }])
  })

  test('are nothing where the application gives none', async () => {
    const { told, ask } = credentials(undefined)
    ask()
    await settled()
    expect(told).toStrictEqual([{ name: 'auth', auth: undefined }])
  })

  test('fail with the reason of `auth`, and the chance that the next attempt needs', async () => {
    const { told, ask } = credentials(() => Promise.reject(new Error('no network')), 0.25)
    ask()
    await settled()
    expect(told).toEqual([{ name: 'authFailed', reason: '"auth" failed: no network', random: 0.25 }])
  })

  test('fail where `auth` gives a function, which JSON leaves out', async () => {
    const { told, ask } = credentials(() => () => 'token')
    ask()
    await settled()
    expect(told).toMatchObject([
      { name: 'authFailed', reason: '"auth" failed: it gave a function, which JSON has no word for.' },
    ])
  })

  test('are those asked for last, in whatever order the answers come', async () => {
    const { answers, auth } = held()
    const { told, ask } = credentials(auth)
    ask()
    ask()
    answers[1]?.('new')
    await settled()
    answers[0]?.('old')
    await settled()
    expect(told).toEqual([{ name: 'auth', auth: 'new' }])
  })

  test.each([
    ['come', () => Promise.resolve('late')],
    ['fail', () => Promise.reject(new Error('late'))],
  ])('tell nothing when they %s after they were forgotten', async (_, auth) => {
    const { told, ask, asked } = credentials(auth)
    ask()
    asked.forget()
    await settled()
    expect(told).toEqual([])
  })

  test('are sent when they are renewed, and nothing is where that fails', async () => {
    let isBroken = false
    const { sent, renew } = credentials(() => {
      if (isBroken) throw new Error('no network')
      return { token: 't' }
    })
    renew()
    await settled()
    isBroken = true
    renew()
    await settled()
    expect(sent).toEqual(['["reauth",{"auth":{"token":"t"}}]'])
  })

  test('are renewed without taking the answer from a new connection that asked before', async () => {
    const { answers, auth } = held()
    const { told, ask, renew } = credentials(auth)
    ask()
    renew()
    answers[0]?.('mine')
    await settled()
    expect(told).toEqual([{ name: 'auth', auth: 'mine' }])
  })

  test.each([
    [0, 1_000 + 42_000],
    [0.5, 1_000 + 47_000],
    [1, 1_000 + 52_000],
  ])('are due between 0.7 and 0.87 of their time: at chance %d', (random, dueAt) => {
    const { world, asked } = credentials(() => 't', random)
    world.now = 1_000
    expect(asked.renewAt({ expiresInMs: 60_000 })).toBeCloseTo(dueAt)
  })

  test('are never due where they do not run out, or where there is no `auth` to ask', () => {
    expect(credentials(() => 't').asked.renewAt({})).toBe(Number.POSITIVE_INFINITY)
    expect(credentials(undefined).asked.renewAt({ expiresInMs: 60_000 })).toBe(Number.POSITIVE_INFINITY)
  })

  test('are asked for once a second at most, however short the server says that they last', () => {
    const { world, asked, renew } = credentials(() => 't')
    expect(asked.renewAt({ expiresInMs: 1 })).toBeLessThan(1)
    world.now = 500
    renew()
    expect(asked.renewAt({ expiresInMs: 1 })).toBe(1_500)
  })
})
