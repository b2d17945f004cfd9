import { calls } from './calls.ts'
import { fanOut } from './fan-out.ts'
import { stream } from './stream.ts'
import type { Workload } from './workload.ts'

/** In the order of the report. An operation of a fan-out is one event that reached one subscriber. */
export const WORKLOADS = {
  single: calls('one call at a time', { connections: 1, inFlight: 1, operations: 5_000 }),
  burst: calls('128 calls in flight on one connection', { connections: 1, inFlight: 128, operations: 50_000 }),
  crowd: calls('100 connections with 8 calls in flight each', { connections: 100, inFlight: 8, operations: 50_000 }),
  stream,
  fanOutOne: fanOut('an event to 200 subscribers, one at a time', { subscribers: 200, burst: 1, operations: 40_000 }),
  fanOut: fanOut('events to 200 subscribers, 16 in one turn', { subscribers: 200, burst: 16, operations: 64_000 }),
} as const satisfies Record<string, Workload>

export type WorkloadName = keyof typeof WORKLOADS

// `Object.keys` gives strings; these are the table's own.
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[]
