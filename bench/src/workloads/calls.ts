import type { ClientEnd } from '../contender.ts'
import { checkItem, item } from '../item.ts'
import type { Workload } from './workload.ts'

/** Echo calls, `inFlight` at any time on each connection: the next is made when one is answered. */
export function calls(
  title: string,
  { connections, inFlight, operations }: { connections: number; inFlight: number; operations: number },
): Workload {
  return { title, unit: 'call', connections, operations, run: (ends, count) => callAll(ends, inFlight, count) }
}

async function callAll(ends: readonly ClientEnd[], inFlight: number, count: number): Promise<Float64Array> {
  const latencies = new Float64Array(count)
  let next = 0
  async function caller(end: ClientEnd): Promise<void> {
    while (next < count) {
      const n = next++
      const startedAt = performance.now()
      const answer = await end.echo(item(n))
      latencies[n] = performance.now() - startedAt
      checkItem(answer, n)
    }
  }
  await Promise.all(ends.flatMap((end) => Array.from({ length: inFlight }, () => caller(end))))
  return latencies
}
