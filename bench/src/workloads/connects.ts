import type { ClientEnd } from '../contender.ts'
import { inWaves } from '../waves.ts'
import { echo } from './calls.ts'
import type { Workload } from './workload.ts'

/** A client that is new each time: from nothing to its first answer. */
export const coldConnect: Workload = {
  title: 'a new client connects and makes its first call',
  unit: 'client',
  connections: 0,
  operations: 400,
  async run(_, count, place) {
    const latencies = new Float64Array(count)
    for (let n = 0; n < count; n++) {
      const startedAt = performance.now()
      const end = await place.connect()
      await echo(end, n)
      latencies[n] = performance.now() - startedAt
      end.close()
    }
    return latencies
  },
}

/** Every connection is cut at once, and each client calls until it has an answer. A latency is one client's. */
export const reconnectStorm: Workload = {
  title: '2,000 clients are cut off and call again',
  unit: 'client',
  connections: 2_000,
  // A storm is one of all that there are, however short the rounds.
  operations: 2_000,
  grain: 2_000,
  isApart: true,
  prepare: (ends) => inWaves(ends, (end) => echo(end, 0)).then(() => {}),
  async run(ends, _, place) {
    await place.cutAll()
    const startedAt = performance.now()
    const answered = async (end: ClientEnd) => {
      await echoAtLast(end)
      return performance.now() - startedAt
    }
    return Float64Array.from(await Promise.all(ends.map(answered)))
  },
}

/** What a contender doesn't keep for its callers, they try again, as users' code would. */
async function echoAtLast(end: ClientEnd): Promise<void> {
  for (;;) {
    try {
      return await withinPatience(echo(end, 0))
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

const PAUSE_MS = 50

/** Some calls are lost with their connection, and nobody says so. */
const PATIENCE_MS = 10_000

function withinPatience<Result>(answer: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('No answer.')), PATIENCE_MS)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
