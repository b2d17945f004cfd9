import type { IdempotencyState } from '../contract/idempotency-store.ts'

/** As `formatResult` and `formatError` begin it: whatever else a store gave would break the session of its reader. */
const OUTCOME = /^\["(result|error)",0[,\]]/

/** @throws TypeError where a store of keys gave something else than a state: nothing may run, or be answered, by that. */
export function checkIdempotencyState(given: unknown): asserts given is IdempotencyState {
  if (typeof given !== 'object' || given === null || !('name' in given)) {
    throw wrong(`"begin" gave ${given === null ? 'null' : typeof given}`, 'a state with its "name"')
  }
  const fields: { name: unknown; inputHash?: unknown; outcome?: unknown; retryAfterMs?: unknown } = given
  switch (fields.name) {
    case 'claimed':
      return
    case 'full':
      if (typeof fields.retryAfterMs === 'number' && fields.retryAfterMs >= 0) return
      throw wrong(`"retryAfterMs" of a full one is of type ${typeof fields.retryAfterMs}`, 'milliseconds from 0')
    case 'done':
      if (fields.outcome !== undefined && !(typeof fields.outcome === 'string' && OUTCOME.test(fields.outcome))) {
        throw wrong('"outcome" is none that it was told to keep', 'the string of "finish" as it was, or undefined')
      }
      return checkHash(fields.inputHash)
    case 'running':
    case 'inDoubt':
      return checkHash(fields.inputHash)
    default:
      throw wrong(`"name" is ${String(fields.name)}`, 'claimed, running, done, inDoubt or full')
  }
}

function checkHash(inputHash: unknown): void {
  if (typeof inputHash !== 'string') throw wrong(`"inputHash" is of type ${typeof inputHash}`, 'the one of "begin"')
}

function wrong(what: string, expected: string): TypeError {
  return new TypeError(`In what the idempotency store answered ${what}: give ${expected}.`)
}
