import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import type { Machine } from '../results.ts'
import type { BenchOptions } from './bench-options.ts'
import { canPin } from './pinned-process.ts'

/** What a reader must know to believe the figures, or to measure them again. */
export function machine({ rounds, command }: BenchOptions, minutes: number): Machine {
  const git = spawnSync('git', ['describe', '--always', '--dirty', '--exclude=*'], { encoding: 'utf8' })
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git.status === 0 ? git.stdout.trim() : 'unknown',
    command,
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: cpus().length,
    isPinned: canPin,
    rounds,
    minutes,
  }
}
