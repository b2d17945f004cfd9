import type { Measured } from './driver/pair.ts'
import type { Run } from './driver/run-workload.ts'
import { median } from './statistics.ts'

/** One cell of a table: every figure the median of its rounds. */
export interface Figures {
  /** Of both ends, per operation, in microseconds. */
  readonly cpu: number
  readonly serverCpu: number
  readonly clientCpu: number
  /** `cpu` and `perSecond` by those of hand-written ws in the same turn. */
  readonly cpuRatio: number
  readonly perSecond: number
  readonly perSecondRatio: number
  /** What a caller saw; `null` where operations have no time of their own. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** The most that each process had resident. */
  readonly serverPeakMb: number
  readonly clientPeakMb: number
}

/** Why a contender has no figures. */
export interface Failed {
  readonly failed: string
}

/** A ratio is the median of the rounds' ratios: the two rounds of one turn met the same machine. */
export function figuresOf({ rounds, peaks, failure }: Run, yardstick: readonly Measured[]): Figures | Failed {
  if (failure !== undefined) return { failed: failure }
  const figure = (of: (round: Measured) => number) => rounded(median(rounds.map(of)))
  const ratio = (of: (round: Measured) => number) =>
    rounded(median(rounds.map((round, turn) => of(round) / of(yardstick[turn] ?? round))))
  return {
    cpu: figure(cpuPerOperation),
    serverCpu: figure((round) => round.serverCpuMicros / round.operations),
    clientCpu: figure((round) => round.cpuMicros / round.operations),
    cpuRatio: ratio(cpuPerOperation),
    perSecond: Math.round(figure(perSecond)),
    perSecondRatio: ratio(perSecond),
    p50Ms: medianOfKnown(rounds.map((round) => round.p50Ms)),
    p99Ms: medianOfKnown(rounds.map((round) => round.p99Ms)),
    serverPeakMb: megabytes(peaks?.server),
    clientPeakMb: megabytes(peaks?.client),
  }
}

function cpuPerOperation({ cpuMicros, serverCpuMicros, operations }: Measured): number {
  return (cpuMicros + serverCpuMicros) / operations
}

function perSecond({ operations, elapsedMs }: Measured): number {
  return (operations / elapsedMs) * 1000
}

function medianOfKnown(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? null : rounded(median(known))
}

function megabytes(bytes = 0): number {
  return Math.round(bytes / 1024 / 1024)
}

/** To three places: more would only be noise in the file. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
