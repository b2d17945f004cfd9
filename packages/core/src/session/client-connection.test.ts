import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES } from '../protocol/close-code.ts'
import { BACKOFF } from './backoff.ts'
import { type ClientEvent, type ClientTimeouts, stepClient } from './client-connection.ts'
import { type ClientState, clientDeadline } from './client-state.ts'

const TIMEOUTS: ClientTimeouts = {
  authTimeoutMs: 1_000,
  connectTimeoutMs: 2_000,
  helloTimeoutMs: 3_000,
  backoff: BACKOFF,
}
const NEVER = Number.POSITIVE_INFINITY

function lost(code: number, retryAfterMs?: number): ClientEvent {
  return { name: 'lost', code, reason: `code ${code}`, retryAfterMs, random: 0.5 }
}

const EVENTS: readonly ClientEvent[] = [
  { name: 'connect' },
  { name: 'auth', auth: 'token' },
  { name: 'authFailed', reason: 'no token', random: 0.5 },
  { name: 'opened' },
  { name: 'admitted', renewAt: Number.POSITIVE_INFINITY },
  { name: 'declined' },
  ...[1006, CLOSE_CODES.CREDENTIALS, CLOSE_CODES.FORBIDDEN].map((code) => lost(code)),
  { name: 'progress' },
  { name: 'deadline', random: 0.5 },
  { name: 'hurry', random: 0.5 },
  { name: 'close' },
]

/** What each action makes of the socket, and what each state has of one. */
const SOCKET_AFTER: Readonly<Record<string, string>> = {
  open: 'opened',
  greet: 'greeted',
  begin: 'begun',
  drop: 'none',
}
const SOCKET_IN: Readonly<Record<string, string>> = { connecting: 'opened', greeting: 'greeted', open: 'begun' }

/** Every state that is reached, with its attempts counted up to two and its time left out. */
function reachable(): ReadonlyMap<string, ClientState> {
  const found = new Map<string, ClientState>([['idle', { name: 'idle' }]])
  for (const state of found.values()) {
    for (const event of EVENTS) {
      const { state: next } = stepClient(state, event, Math.min(clientDeadline(state), 1e9), TIMEOUTS)
      const key = [
        next.name,
        'attempt' in next && Math.min(next.attempt, 2),
        'refusals' in next && next.refusals,
      ].join()
      if (!found.has(key)) found.set(key, next)
    }
  }
  return found
}

/** A state that events have led to, and what they made the driver do. */
function after(...events: readonly (ClientEvent['name'] | ClientEvent)[]) {
  const done: string[] = []
  let state: ClientState = { name: 'idle' }
  for (const given of events) {
    const event = typeof given === 'string' ? EVENTS.find(({ name }) => name === given) : given
    if (event === undefined) throw new Error('an unknown event')
    const step = stepClient(state, event, 0, TIMEOUTS)
    state = step.state
    done.push(...step.actions.map((action) => action.do))
  }
  return { state, done }
}

describe("a client's connection", () => {
  it('reaches these states and no others', () => {
    const names = [...reachable().values()].map((state) => {
      const refused = 'refusals' in state && state.refusals > 0 ? ' after a refusal' : ''
      return 'attempt' in state ? `${state.name}${state.attempt > 0 ? ' again' : ''}${refused}` : state.name
    })
    expect([...new Set(names)].sort()).toEqual([
      'authorizing',
      'authorizing again',
      'authorizing again after a refusal',
      'closed',
      'connecting',
      'connecting again',
      'connecting again after a refusal',
      'greeting',
      'greeting again',
      'greeting again after a refusal',
      'idle',
      'open',
      'open again',
      'unauthenticated',
      'waiting again',
      'waiting again after a refusal',
    ])
  })

  it('asks for credentials, opens, greets and begins, in this order', () => {
    const { state, done } = after('connect', 'auth', 'opened', 'admitted')
    expect(state).toEqual({ name: 'open', attempt: 0, deadline: NEVER })
    expect(done).toEqual(['authorize', 'open', 'greet', 'begin'])
  })

  it('greets anew on the same socket where its session is declined', () => {
    const { state, done } = after('connect', 'auth', 'opened', 'declined')
    expect(state.name).toBe('greeting')
    expect(done).toEqual(['authorize', 'open', 'greet', 'greet'])
  })

  it.each([
    ['authorizing', ['connect'], 1_000],
    ['connecting', ['connect', 'auth'], 2_000],
    ['greeting', ['connect', 'auth', 'opened'], 3_000],
  ] as const)('B4, B11, B12: gives up %s at its deadline, not before, and waits', (name, events, deadline) => {
    const { state } = after(...events)
    expect([state.name, clientDeadline(state)]).toEqual([name, deadline])
    const early = stepClient(state, { name: 'deadline', random: 0.5 }, deadline - 1, TIMEOUTS)
    expect(early).toEqual({ state, actions: [] })
    const late = stepClient(state, { name: 'deadline', random: 0.5 }, deadline, TIMEOUTS)
    expect(late.state).toMatchObject({ name: 'waiting', attempt: 1, deadline: deadline + 250 })
    expect(late.actions).toMatchObject([{ do: 'drop' }])
  })

  it('B6: waits longer each time, also when it is admitted and cut off at once', () => {
    let { state } = after('connect')
    const waits: number[] = []
    for (let round = 0; round < 9; round++) {
      for (const event of ['auth', 'opened', 'admitted'] as const) {
        state = stepClient(state, EVENTS.find(({ name }) => name === event) as ClientEvent, 0, TIMEOUTS).state
      }
      state = stepClient(state, lost(1006), 0, TIMEOUTS).state
      waits.push(clientDeadline(state))
      state = stepClient(state, { name: 'deadline', random: 0.5 }, clientDeadline(state), TIMEOUTS).state
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  it('B7: starts over with short waits only after progress', () => {
    const again = [
      'connect',
      'auth',
      'opened',
      'admitted',
      lost(1006),
      'connect',
      'auth',
      'opened',
      'admitted',
    ] as const
    expect(after(...again, lost(1006)).state).toMatchObject({ name: 'waiting', attempt: 2 })
    expect(after(...again, 'progress', lost(1006)).state).toMatchObject({ name: 'waiting', attempt: 1 })
  })

  it('B10: comes back sooner when the network does, jittered, and never later than it would have', () => {
    const waiting: ClientState = { name: 'waiting', attempt: 9, refusals: 0, deadline: 20_000, reason: '' }
    const hurried = stepClient(waiting, { name: 'hurry', random: 0.5 }, 1_000, TIMEOUTS)
    expect(hurried).toEqual({ state: { ...waiting, deadline: 1_250 }, actions: [] })
    const soon = stepClient(waiting, { name: 'hurry', random: 0.5 }, 19_999, TIMEOUTS)
    expect(clientDeadline(soon.state)).toBe(20_000)
  })

  it('stays paused whatever the network does, and hurries nothing but a wait', () => {
    const hurry = { name: 'hurry', random: 0 } as const
    const states = [
      after('connect', { name: 'pause' }),
      after('connect'),
      after('connect', 'auth', 'opened', 'admitted'),
    ]
    for (const { state } of states) expect(stepClient(state, hurry, 10, TIMEOUTS)).toEqual({ state, actions: [] })
  })

  it('hears nothing more of a socket that it has given up', () => {
    for (const { state } of [after(), after('connect'), after('connect', 'auth', lost(1006))]) {
      expect(stepClient(state, lost(1006), 10, TIMEOUTS)).toEqual({ state, actions: [] })
    }
  })

  it('renews its credentials when they are due, and again when newer ones are', () => {
    const renewed: ClientEvent = { name: 'renewed', renewAt: 7_000 }
    const open = after('connect', 'auth', 'opened', { name: 'admitted', renewAt: 5_000 })
    const asked = stepClient(open.state, { name: 'deadline', random: 0 }, 5_000, TIMEOUTS)
    expect([asked.actions, clientDeadline(asked.state)]).toEqual([[{ do: 'renew' }], NEVER])
    const again = stepClient(asked.state, renewed, 5_100, TIMEOUTS)
    expect([again.state, again.actions]).toEqual([{ ...open.state, deadline: 7_000 }, []])
    const waiting = after('connect', 'auth', lost(1006))
    expect(stepClient(waiting.state, renewed, 10, TIMEOUTS)).toEqual({ state: waiting.state, actions: [] })
  })

  it('waits as long as the server asks, and no less than its own back-off', () => {
    expect(clientDeadline(after('connect', 'auth', lost(1001, 60_000)).state)).toBe(60_000)
    expect(clientDeadline(after('connect', 'auth', lost(1001, 1)).state)).toBe(250)
  })

  it('is unauthenticated when fresh credentials were refused too, and comes back when told to', () => {
    const refused = lost(CLOSE_CODES.CREDENTIALS)
    const once = ['connect', 'auth', 'opened', refused] as const
    expect(after(...once).state).toMatchObject({ name: 'waiting', refusals: 1 })
    const twice = after(...once, 'connect', 'auth', 'opened', refused)
    expect(twice.state.name).toBe('unauthenticated')
    expect(twice.done.slice(-2)).toEqual(['drop', 'settle'])
    expect(after(...once, 'connect', 'auth', 'opened', 'admitted', refused).state).toMatchObject({ name: 'waiting' })
    const told = stepClient(twice.state, { name: 'connect' }, 0, TIMEOUTS)
    expect(told.state).toMatchObject({ name: 'authorizing', attempt: 0, refusals: 0 })
  })

  it('B9: is closed for good by a final code, and its calls are settled', () => {
    for (const code of Object.values(CLOSE_CODES)) {
      const { state, done } = after('connect', 'auth', 'opened', lost(code))
      const isFinal = code >= 4400 && code <= 4499
      expect([state.name, done.at(-1)]).toEqual(isFinal ? ['closed', 'settle'] : ['waiting', 'drop'])
    }
  })
})

describe("whatever happens, a client's connection", () => {
  it('B1: is closed for good by close(), from every state: it drops, settles, and never acts again', () => {
    for (const state of reachable().values()) {
      const closed = stepClient(state, { name: 'close' }, 5, TIMEOUTS)
      expect(closed.state.name).toBe('closed')
      const expected = state.name === 'closed' ? [] : ['drop', 'settle']
      expect(closed.actions.map((action) => action.do)).toEqual(expected)
      for (const event of EVENTS)
        expect(stepClient(closed.state, event, 9, TIMEOUTS)).toEqual({ ...closed, actions: [] })
    }
  })

  it('has a deadline in just the states that wait for something, and it lies ahead', () => {
    for (const state of reachable().values()) {
      const waits = ['authorizing', 'connecting', 'greeting', 'waiting'].includes(state.name)
      expect(Number.isFinite(clientDeadline(state)), state.name).toBe(waits)
      if (!waits) expect(clientDeadline(state)).toBe(NEVER)
    }
  })

  it('has at most one socket, greets only on an open one, and begins only after it has greeted', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60, size: 'max' }), (events) => {
        let state: ClientState = { name: 'idle' }
        let socket = 'none'
        let now = 0
        for (const event of events) {
          now = Math.max(now, event.name === 'deadline' ? Math.min(clientDeadline(state), 1e9) : now)
          const step = stepClient(state, event, now, TIMEOUTS)
          for (const action of step.actions) {
            if (action.do === 'open') expect(socket).toBe('none')
            if (action.do === 'greet') expect(['opened', 'greeted']).toContain(socket)
            if (action.do === 'begin') expect(socket).toBe('greeted')
            socket = SOCKET_AFTER[action.do] ?? socket
          }
          state = step.state
          expect(socket, state.name).toBe(SOCKET_IN[state.name] ?? 'none')
        }
      }),
      { numRuns: 300 },
    )
  })
})
