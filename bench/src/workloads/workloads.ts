import { bytes, calls, datedRows, rows } from './calls.ts'
import { coldConnect, reconnectStorm } from './connects.ts'
import { fanOut } from './fan-out.ts'
import { GROWTH, GROWTH_NAMES } from './growth.ts'
import { idle } from './idle.ts'
import { stream } from './stream.ts'
import type { Workload } from './workload.ts'

/** The rows of the table, in its order. An operation of a fan-out is one event that reached one subscriber. */
export const TABLE = {
  single: calls('one call at a time', { connections: 1, inFlight: 1, operations: 5_000 }),
  burst: calls('128 calls in flight on one connection', { connections: 1, inFlight: 128, operations: 50_000 }),
  crowd: calls('100 connections with 8 calls in flight each', { connections: 100, inFlight: 8, operations: 50_000 }),
  stream,
  fanOutOne: fanOut('an event to 200 subscribers, one at a time', { subscribers: 200, burst: 1, operations: 40_000 }),
  fanOut: fanOut('events to 200 subscribers, 16 in one turn', { subscribers: 200, burst: 16, operations: 64_000 }),
  fanOutMany: fanOut('events to 200 subscribers, 128 in one turn', {
    subscribers: 200,
    burst: 128,
    operations: 128_000,
  }),
  rows: calls('64 KiB of JSON rows', { connections: 1, inFlight: 8, operations: 500, call: rows }),
  dates: calls('the same rows with a date each', {
    connections: 1,
    inFlight: 8,
    operations: 500,
    task: { dates: true },
    call: datedRows,
  }),
  bytes: calls('1 MB of bytes there and back', { connections: 1, inFlight: 1, operations: 40, call: bytes }),
  cold: coldConnect,
  storm: reconnectStorm,
} as const satisfies Record<string, Workload>

export type TableName = keyof typeof TABLE

// `Object.keys` gives strings; these are the table's own.
export const TABLE_NAMES = Object.keys(TABLE) as TableName[]

/** Measured by memory instead of time: `IDLE_WARM` first, for what the first connections alone cost. */
export const IDLE = 'idle'
export const IDLE_WARM = 'idleWarm'

/** All of them by the names that processes are given. */
const WORKLOADS: ReadonlyMap<string, Workload> = new Map<string, Workload>([
  ...Object.entries(TABLE),
  [IDLE, idle(2_000)],
  [IDLE_WARM, idle(20)],
  ...GROWTH_NAMES.flatMap((name) =>
    GROWTH[name].points.map((point) => [pointName(name, point), GROWTH[name].workload(point)] as const),
  ),
])

/** The workload that is one point of a growth. */
export function pointName(growth: keyof typeof GROWTH, point: number): string {
  return `${growth}${point}`
}

export function workloadOf(name: string): Workload {
  const found = WORKLOADS.get(name)
  if (found === undefined) throw new Error(`There is no workload "${name}".`)
  return found
}
