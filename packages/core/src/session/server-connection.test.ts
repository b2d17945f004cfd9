import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, type CloseName, endsSession } from '../protocol/close-code.ts'
import type { Hello, Resume } from '../protocol/control.ts'
import type { Frame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import {
  type ServerAction,
  type ServerEvent,
  type ServerState,
  type ServerStep,
  serverDeadline,
  startServer,
  stepServer,
} from './server-connection.ts'

const TIMEOUTS = { helloMs: 5_000, authenticateMs: 10_000 }
const REFUSAL = { code: 'UNAUTHORIZED', message: 'no' }

const hello: Hello = { version: PROTOCOL_VERSION, client: 'c', nonce: 'n', generation: 1, timeoutMs: 30_000 }
const resume: Resume = { version: PROTOCOL_VERSION, session: 's', secret: 'x', generation: 2, received: 0 }

function frame(frame: Frame, characters = 10): ServerEvent {
  return { name: 'frame', frame, characters }
}

const FRAMES: readonly ServerEvent[] = [
  frame(['hello', hello]),
  frame(['resume', resume]),
  frame([1, 0, ['call', 1, 'a']]),
  frame(['ping']),
  frame(['ack', 0]),
  frame(['bye']),
  frame(['goaway', { delayMs: 0, deadlineMs: 0 }]),
]

const EVENTS: readonly ServerEvent[] = [
  ...FRAMES,
  frame(['hello', { ...hello, version: 99 }]),
  frame(['ping'], PROTOCOL_LIMITS.greetingBytes),
  { name: 'admitted', expiresAt: Number.POSITIVE_INFINITY },
  { name: 'declined', refusal: { code: 'SESSION_LOST', message: 'gone' } },
  { name: 'refused', close: 'CREDENTIALS', refusal: REFUSAL },
  { name: 'end', close: 'SUPERSEDED', reason: 'newer' },
  { name: 'deadline' },
  { name: 'lost', reason: 'cut' },
]

function step(state: ServerState, event: ServerEvent, now = 0): ServerStep {
  return stepServer(state, event, now, TIMEOUTS)
}

/** A state that events have led to, and what the last of them made the driver do. */
function after(...events: readonly ServerEvent[]): ServerStep {
  let last: ServerStep = { state: startServer(0, TIMEOUTS), actions: [] }
  for (const event of events) last = step(last.state, event)
  return last
}

function closeOf(actions: readonly ServerAction[]): CloseName | undefined {
  return actions.find((action) => action.do === 'close')?.close
}

describe("a server's connection", () => {
  it('reaches these states and no others', () => {
    const found = new Map<string, ServerState>([['greeting', startServer(0, TIMEOUTS)]])
    for (const state of found.values()) {
      for (const event of EVENTS) {
        const { state: next } = step(state, event, event.name === 'deadline' ? serverDeadline(state) : 0)
        if (!found.has(next.name)) found.set(next.name, next)
      }
    }
    expect([...found.keys()].sort()).toEqual(['authenticating', 'closed', 'declined', 'greeting', 'open'])
  })

  it.each([
    ['hello', hello],
    ['resume', resume],
  ] as const)('authenticates on %s, holds what comes behind it, and begins once admitted', (word, fields) => {
    const greeting = [word, fields] as Frame
    expect(after(frame(greeting)).actions).toEqual([{ do: 'authenticate', greeting }])
    const held = frame([1, 0, ['call', 1, 'a']], 40)
    expect(after(frame(greeting), held).actions).toEqual([
      { do: 'hold', frame: [1, 0, ['call', 1, 'a']], characters: 40 },
    ])
    const begun = after(frame(greeting), held, { name: 'admitted', expiresAt: Number.POSITIVE_INFINITY })
    expect([begun.state.name, begun.actions]).toEqual(['open', [{ do: 'begin' }]])
  })

  it('says why it declines a resume, drops what comes, and takes a hello on the same socket', () => {
    const declined = after(frame(['resume', resume]), { name: 'declined', refusal: REFUSAL })
    expect(declined.actions).toEqual([{ do: 'forget' }, { do: 'send', frame: ['refused', REFUSAL] }])
    expect(step(declined.state, frame([1, 0, ['call', 1, 'a']])).actions).toEqual([])
    const greeted = step(declined.state, frame(['hello', hello]))
    expect(greeted.actions).toEqual([{ do: 'authenticate', greeting: ['hello', hello] }])
  })

  it('lets newer credentials run out later, where there is somebody whose they are', () => {
    const renewed = { name: 'renewed', expiresAt: 9_000 } as const
    const open = after(frame(['hello', hello]), { name: 'admitted', expiresAt: 7_000 })
    const later = step(open.state, renewed)
    expect([later.state, later.actions]).toEqual([{ name: 'open', deadline: 9_000 }, []])
    expect(step(later.state, { name: 'deadline' }, 8_999).actions).toEqual([])
    expect(closeOf(step(later.state, { name: 'deadline' }, 9_000).actions)).toBe('EXPIRED')
    const greeting = startServer(0, TIMEOUTS)
    expect(step(greeting, renewed)).toEqual({ state: greeting, actions: [] })
  })

  it('refuses nobody who is not being looked at any more', () => {
    const declined = after(frame(['resume', resume]), { name: 'declined', refusal: REFUSAL })
    const late = step(declined.state, { name: 'refused', close: 'CREDENTIALS', refusal: REFUSAL })
    expect(late).toEqual({ state: declined.state, actions: [] })
  })

  it('needs no look at the time once it is closed', () => {
    expect(serverDeadline(after(frame(['ping'])).state)).toBe(Number.POSITIVE_INFINITY)
  })

  it('says why it refuses before it closes', () => {
    const { actions } = after(frame(['hello', hello]), { name: 'refused', close: 'CREDENTIALS', refusal: REFUSAL })
    expect(actions.map((action) => action.do)).toEqual(['send', 'close', 'end'])
    expect(closeOf(actions)).toBe('CREDENTIALS')
  })

  it.each(FRAMES.slice(2))('X28: closes HELLO_EXPECTED for anything before hello: %j', (event) => {
    const { state, actions } = after(event)
    expect([state.name, closeOf(actions)]).toEqual(['closed', 'HELLO_EXPECTED'])
  })

  it.each(FRAMES.slice(0, 2))(
    'X28: closes HELLO_TWICE for a second greeting, before and after it is admitted: %j',
    (event) => {
      const greeted = frame(['hello', hello])
      expect(closeOf(after(greeted, event).actions)).toBe('HELLO_TWICE')
      expect(closeOf(after(greeted, { name: 'admitted', expiresAt: Number.POSITIVE_INFINITY }, event).actions)).toBe(
        'HELLO_TWICE',
      )
    },
  )

  it('B18: refuses another version by name, and asks nobody to authenticate', () => {
    const { actions } = after(frame(['hello', { ...hello, version: 2 }]))
    expect(actions.map((action) => action.do)).toEqual(['send', 'close', 'end'])
    expect(actions[0]).toMatchObject({ frame: ['refused', { code: 'VERSION' }] })
    expect(closeOf(actions)).toBe('VERSION')
  })

  it('H1, B12: gives a hello its time and no more', () => {
    const greeting = startServer(100, TIMEOUTS)
    expect(step(greeting, { name: 'deadline' }, 5_099)).toEqual({ state: greeting, actions: [] })
    expect(closeOf(step(greeting, { name: 'deadline' }, 5_100).actions)).toBe('HELLO_TIMEOUT')
  })

  it('B12: gives authentication its time and no more', () => {
    const { state } = step(startServer(0, TIMEOUTS), frame(['hello', hello]), 2_000)
    expect(step(state, { name: 'deadline' }, 11_999).actions).toEqual([])
    expect(closeOf(step(state, { name: 'deadline' }, 12_000).actions)).toBe('AUTH_TIMEOUT')
  })

  it('gives a client whose resume was declined time for a hello, and no more', () => {
    const { state } = after(frame(['resume', resume]), { name: 'declined', refusal: REFUSAL })
    expect(closeOf(step(state, { name: 'deadline' }, 5_000).actions)).toBe('HELLO_TIMEOUT')
  })

  it('X28: takes one hello behind a refused resume, and none behind a refused hello, which could go on so for ever', () => {
    const declined = { name: 'declined', refusal: { code: 'STALE', message: 'late' } } as const
    const hello1 = frame(['hello', hello])
    expect(closeOf(after(hello1, declined, hello1).actions)).toBe('HELLO_TWICE')
    expect(closeOf(after(frame(['resume', resume]), declined, hello1, declined, hello1).actions)).toBe('HELLO_TWICE')
    const waiting = after(hello1, declined, frame(['ping']))
    expect(waiting.actions).toEqual([])
    expect(closeOf(step(waiting.state, { name: 'deadline' }, 5_000).actions)).toBe('HELLO_TIMEOUT')
  })

  it('takes 8 KiB before it has authenticated, greeting included, and closes FLOOD for more', () => {
    const half = PROTOCOL_LIMITS.greetingBytes / 2
    const greeted = frame(['hello', hello], half)
    expect(after(greeted, frame(['ping'], half)).actions).toMatchObject([{ do: 'hold' }])
    expect(closeOf(after(greeted, frame(['ping'], half), frame(['ping'], 1)).actions)).toBe('FLOOD')
    expect(closeOf(after(frame(['hello', hello], 2 * half + 1)).actions)).toBe('FLOOD')
    const declined = [frame(['resume', resume]), { name: 'declined', refusal: REFUSAL }] as const
    expect(closeOf(after(...declined, frame(['ping'], 2 * half + 1)).actions)).toBe('FLOOD')
    expect(after(...declined, frame(['ping'], 2 * half)).actions).toEqual([])
    expect(closeOf(after(...declined, frame(['ping'], half), frame(['ping'], half + 1)).actions)).toBe('FLOOD')
  })

  it('says that the session is over with a goodbye, and that it goes on after a cut', () => {
    const open = [frame(['hello', hello]), { name: 'admitted', expiresAt: Number.POSITIVE_INFINITY }] as const
    expect(after(...open, frame(['bye'])).actions).toMatchObject([{ close: 'NORMAL' }, { do: 'end', isOver: true }])
    expect(after(...open, { name: 'lost', reason: 'cut' }).actions).toEqual([
      { do: 'end', reason: 'cut', isOver: false },
    ])
    for (const close of Object.keys(CLOSE_CODES) as CloseName[]) {
      const { actions } = after(...open, { name: 'end', close, reason: 'x' })
      expect(actions).toMatchObject([{ close }, { do: 'end', isOver: endsSession(close) }])
    }
  })
})

describe("whatever comes, a server's connection", () => {
  const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 30, size: 'max' })

  /** Every action of a run, each with the state it was done in, and the events before it. */
  function runOf(events: readonly ServerEvent[]) {
    let state: ServerState = startServer(0, TIMEOUTS)
    const run: { readonly action: ServerAction; readonly from: ServerState; readonly event: ServerEvent }[] = []
    for (const event of events) {
      const from = state
      const now = event.name === 'deadline' ? Math.min(serverDeadline(state), 1e9) : 0
      const { state: next, actions } = step(from, event, now)
      for (const action of actions) run.push({ action, from, event })
      state = next
    }
    return { state, run }
  }

  it('X28, H2: takes nothing for its session before that was admitted, and admits nothing unauthenticated', () => {
    fc.assert(
      fc.property(events, (events) => {
        let isAdmitted = false
        for (const { action, from, event } of runOf(events).run) {
          if (action.do === 'begin') {
            expect([from.name, event.name]).toEqual(['authenticating', 'admitted'])
            isAdmitted = true
          }
          if (action.do === 'take') expect(isAdmitted).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('B1: ends once, as the last thing it does, and closed is final', () => {
    fc.assert(
      fc.property(events, (events) => {
        const { state, run } = runOf(events)
        const done = run.map(({ action }) => action.do)
        expect(done.filter((name) => name === 'end')).toHaveLength(state.name === 'closed' ? 1 : 0)
        if (state.name === 'closed') expect(done.at(-1)).toBe('end')
        expect(done.filter((name) => name === 'begin').length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
  })
})
