import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import type { AnyProcedure } from '../contract/procedure.ts'
import { Endpoint } from '../contract/procedure-table.ts'
import { RunOnce } from './run-once.ts'

const h = hotline<object>()

/** Calls with one key of one procedure, and what its store was told. */
function setUp(procedure: AnyProcedure) {
  const told: string[] = []
  const reasons: unknown[] = []
  const store = {
    isDurable: true,
    begin: () => ({ name: 'claimed' }) as const,
    finish: (_key: unknown, outcome: string) => void told.push(`finish ${JSON.parse(outcome)[2].code}`),
    release: () => void told.push('release'),
  }
  const runs = new RunOnce({ store, codec: superjsonCodec, hash: (text) => text, newId: () => 'id', now: () => 0 })
  const endpoint = new Endpoint('todos.add', procedure.definition)
  const call = () => {
    const leaving = new AbortController()
    const answers: unknown[] = []
    runs.join({
      key: { scope: 'ann', path: endpoint.path, key: 'k' },
      invocation: new Invocation(endpoint, undefined, { context: {} }, NOTHING_CARRIED),
      isAgain: false,
      inputText: '',
      signal: leaving.signal,
      report: ({ reason }) => reasons.push(reason),
      answer: (text) => answers.push(JSON.parse(text)[2]),
    })
    return { answers, leave: () => leaving.abort(new HotlineError('TIMEOUT', undefined)) }
  }
  return { call, told, reasons }
}

/** Stops when it is told to, with the reason; the same in a middleware, before the handler begins. */
const stops = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a run that is stopped since nobody waits any more', () => {
  it('may have taken effect: so hears who comes later, and nobody else of a failure', async () => {
    const { call, told, reasons } = setUp(h.mutation(stops))
    const left = call()
    left.leave()
    const late = call()
    await settled()
    expect(left.answers).toMatchObject([{ code: 'TIMEOUT' }])
    expect(late.answers).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }])
    expect([told, reasons]).toEqual([['finish OUTCOME_UNKNOWN'], []])
  })

  it('leaves its key free where running again does no harm, or nothing has begun', async () => {
    const guarded = h.use(async (call) => {
      await stops(call)
      return call.next()
    })
    for (const [procedure, code] of [
      [h.query(stops), 'OUTCOME_UNKNOWN'],
      [h.idempotent().mutation(stops), 'OUTCOME_UNKNOWN'],
      [guarded.mutation(() => 1), 'CANCELLED'],
    ] as const) {
      const { call, told } = setUp(procedure)
      const left = call()
      left.leave()
      const late = call()
      await settled()
      expect([left.answers, late.answers]).toMatchObject([[{ code: 'TIMEOUT' }], [{ code }]])
      expect(told).toEqual(['release'])
    }
  })

  it('is reported where it ends otherwise than it was told to', async () => {
    const broken = new Error('the database is away')
    const { call, told, reasons } = setUp(
      h.mutation(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(broken)))),
    )
    call().leave()
    await settled()
    expect([told, reasons]).toEqual([['finish INTERNAL'], [broken]])
  })
})
