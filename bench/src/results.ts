import type { IdleFigures } from './driver/run-idle.ts'
import type { Failed, Figures } from './figures.ts'
import type { TypeFigures } from './types/type-figures.ts'
import type { ValueFigures } from './values/compare-values.ts'

/** What a full run found: docs/bench/results.json, from which tables and charts are made. */
export interface Results {
  readonly machine: Machine
  readonly contenders: readonly ContenderRow[]
  /** By the name of a workload, then of a contender. Growths have a workload for each point. */
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Figures | Failed>>>>
  readonly idle: Readonly<Record<string, IdleFigures | Failed>>
  readonly values: readonly ValueFigures[]
  readonly types: readonly TypeFigures[]
}

/** Where, when and how. */
export interface Machine {
  readonly date: string
  readonly commit: string
  readonly command: string
  readonly node: string
  readonly processor: string
  readonly cores: number
  readonly isPinned: boolean
  readonly rounds: number
  readonly minutes: number
}

export interface ContenderRow {
  readonly name: string
  readonly title: string
  readonly version: string
}

export function isFigures<Known extends object>(figures: Known | Failed | undefined): figures is Known {
  return figures !== undefined && !('failed' in figures)
}
