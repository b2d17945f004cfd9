import { join } from 'node:path'
import type { ContenderName } from '../contenders/contenders.ts'

/** The files of a pair's CPU profiles, which Chromium's and VS Code's tools open. */
export interface Profiles {
  readonly server: string
  readonly client: string
}

export function profilesOf(folder: string, workload: string, contender: ContenderName): Profiles {
  const file = (end: string) => join(folder, `${workload}.${contender}.${end}.cpuprofile`)
  return { server: file('server'), client: file('client') }
}
