import type { ClientState } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { type ConnectionState, visibleState } from './connection-state.ts'

const ROWS: readonly (readonly [state: ClientState, visible: ConnectionState])[] = [
  [{ name: 'idle' }, { name: 'idle' }],
  [
    { name: 'authorizing', attempt: 1, refusals: 1, deadline: 9 },
    { name: 'authorizing', attempt: 1 },
  ],
  [
    { name: 'connecting', attempt: 2, refusals: 0, deadline: 9, auth: 'a token' },
    { name: 'connecting', attempt: 2 },
  ],
  [
    { name: 'greeting', attempt: 0, refusals: 0, deadline: 9, auth: 'a token' },
    { name: 'greeting', attempt: 0 },
  ],
  [{ name: 'open', attempt: 3, deadline: 9 }, { name: 'open' }],
  [
    { name: 'waiting', attempt: 4, refusals: 0, deadline: 1_500.4, reason: 'gone' },
    { name: 'waiting', attempt: 4, retryAt: 1_001_500, reason: 'gone' },
  ],
  [
    { name: 'unauthenticated', reason: 'no' },
    { name: 'unauthenticated', reason: 'no' },
  ],
  [
    { name: 'closed', reason: 'bye' },
    { name: 'closed', reason: 'bye' },
  ],
]

describe('the visible state', () => {
  it.each(ROWS)('of %j is %j: no token, no inner clock', (state, visible) => {
    const shown = visibleState(state, 1_000_000)
    expect(shown).toEqual(visible)
    expect(Object.isFrozen(shown)).toBe(true)
  })
})
