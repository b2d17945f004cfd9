import { checkItem } from '../item.ts'
import type { Workload } from './workload.ts'

/** One stream of small events, as fast as it goes. An event has no latency of its own: its time on the server isn't ours. */
export const stream: Workload = {
  title: 'a stream of small events',
  unit: 'event',
  connections: 1,
  operations: 100_000,
  async run([end], count) {
    let next = 0
    await end?.stream(count, (event) => checkItem(event, next++))
    if (next !== count) throw new Error(`Expected ${count} events, got ${next}.`)
    return new Float64Array()
  },
}
