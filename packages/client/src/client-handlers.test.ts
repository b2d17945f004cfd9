import { hotline } from '@hotline/core'
import { Outbox, type Outlet } from '@hotline/core/internal'
import { describe, expect, test } from 'vitest'
import { clientHandlers, HANDLER_LIMITS } from './client-handlers.ts'
import type { HandlerFailure } from './handler-failure.ts'

const h = hotline<object>()

/** What answers a server in one session, at the time of the test's clock, with what it writes and reports. */
function answering() {
  const world = { now: 0, serverTimeoutMs: 30_000 }
  const reasons: unknown[] = []
  const failures: HandlerFailure[] = []
  const outbox = new Outbox()
  const outlet: Outlet = {
    outbox,
    isAttached: true,
    isFull: false,
    now: () => world.now,
    flushSoon: () => {},
    wakeAt: () => {},
  }
  const handlers = clientHandlers(
    h.router({
      context: h.query(({ ctx }) => ctx),
      wait: h.mutation(({ signal }) => {
        signal.addEventListener('abort', () => reasons.push(signal.reason.code))
        return new Promise<void>(() => {})
      }),
      broken: h.query((): string => {
        throw new Error('broken')
      }),
    }),
  )
  const answers = handlers.answering(outlet, {
    settings: {
      codec: undefined,
      environment: { newId: (characters) => 'x'.repeat(characters) },
      onError: (failure) => void failures.push(failure),
    },
    get serverTimeoutMs() {
      return world.serverTimeoutMs
    },
  })
  /** What waits to be written, as text. */
  const written = () => {
    const texts: string[] = []
    while (!outbox.isEmpty) texts.push(JSON.stringify(outbox.take(world.now, true)))
    return texts.join(' ')
  }
  return { answers, world, reasons, failures, written }
}

/** Promises have settled. */
const settled = () => new Promise(setImmediate)

describe('what answers a server', () => {
  test('takes the even ids of a server only', () => {
    const { answers } = answering()
    expect(() => answers.open(1, 'context', undefined)).toThrow(expect.objectContaining({ close: 'BAD_FRAME' }))
    expect(() => answers.open(2, 'context', undefined)).not.toThrow()
  })

  test('runs as many calls at once as a client may at a server, and refuses the next', () => {
    const { answers, written } = answering()
    for (let call = 1; call <= HANDLER_LIMITS.maxCalls; call++) answers.open(2 * call, 'wait', undefined)
    expect(answers.size).toBe(256)
    expect(written()).toBe('')
    answers.open(2 * 257, 'wait', undefined)
    expect(written()).toContain('TOO_MANY_CALLS')
    answers.end('Done.')
  })

  test('ends a call by the deadline of the last answer to a greeting', () => {
    const { answers, world, reasons } = answering()
    world.serverTimeoutMs = 5_000
    answers.open(2, 'wait', undefined)
    world.now = 4_999
    answers.sweep(world.now)
    expect(reasons).toEqual([])
    world.now = 5_000
    answers.sweep(world.now)
    expect(reasons).toEqual(['TIMEOUT'])
  })

  test('tells the application what failed, by the id that the server sees', async () => {
    const { answers, failures, written } = answering()
    answers.open(2, 'broken', undefined)
    await settled()
    expect(failures).toEqual([{ error: new Error('broken'), path: 'broken', id: 'x'.repeat(16) }])
    expect(written()).toContain('x'.repeat(16))
  })
})
