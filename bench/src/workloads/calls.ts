import type { ClientEnd, Task } from '../contender.ts'
import { checkItem, item } from '../item.ts'
import { checkDatedRows, checkRows } from '../rows.ts'
import type { Workload } from './workload.ts'

/** One call, its answer checked. `n` counts the calls. */
export type Call = (end: ClientEnd, n: number) => Promise<void>

export interface CallsOptions {
  readonly connections: number
  /** At any time on each connection: the next is made when one is answered. */
  readonly inFlight: number
  readonly operations: number
  readonly task?: Partial<Task>
  readonly isApart?: boolean
  /** Echo without it. */
  readonly call?: Call
}

/** Calls from so many callers, each of which makes one after the other. */
export function calls(title: string, { call = echo, inFlight, ...rest }: CallsOptions): Workload {
  return { title, unit: 'call', ...rest, run: (ends, count) => callAll(ends, call, { inFlight, count }) }
}

/** Calls each of the task's procedures in its turn. */
export function echoByTurns(procedures: number): Call {
  return async (end, n) => checkItem(await end.echoBy(n % procedures, item(n)), n)
}

export async function echo(end: ClientEnd, n: number): Promise<void> {
  checkItem(await end.echo(item(n)), n)
}

export async function rows(end: ClientEnd): Promise<void> {
  checkRows(await end.rows())
}

export async function datedRows(end: ClientEnd): Promise<void> {
  checkDatedRows(await end.datedRows())
}

/** As much as fits into one message of each contender's by default. */
const BYTES = Buffer.alloc(1_000_000, 'some bytes of a picture')

export async function bytes(end: ClientEnd): Promise<void> {
  const got = await end.bytes(BYTES)
  if (!BYTES.equals(got))
    throw new Error(`Expected the ${BYTES.length} bytes that were sent, got ${got.length} others.`)
}

async function callAll(
  ends: readonly ClientEnd[],
  call: Call,
  { inFlight, count }: { inFlight: number; count: number },
): Promise<Float64Array> {
  const latencies = new Float64Array(count)
  let next = 0
  async function caller(end: ClientEnd): Promise<void> {
    while (next < count) {
      const n = next++
      const startedAt = performance.now()
      await call(end, n)
      latencies[n] = performance.now() - startedAt
    }
  }
  await Promise.all(ends.flatMap((end) => Array.from({ length: inFlight }, () => caller(end))))
  return latencies
}
