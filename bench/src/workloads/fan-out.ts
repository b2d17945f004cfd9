import type { ClientEnd } from '../contender.ts'
import { checkItem } from '../item.ts'
import { inWaves } from '../waves.ts'
import type { Workload } from './workload.ts'

export interface FanOutOptions {
  readonly subscribers: number
  /** Items that are published in one turn. */
  readonly burst: number
  readonly operations: number
  readonly isApart?: boolean
}

/** Published items that reach every subscriber, `burst` in one turn of the server. A latency is a burst's: until all have all. */
export function fanOut(title: string, { subscribers, burst, ...rest }: FanOutOptions): Workload {
  let arrived = 0
  let allHave: (() => void) | undefined
  async function prepare(ends: readonly ClientEnd[]): Promise<void> {
    await inWaves(ends, (end) => {
      let next = 0
      return end.follow((event) => {
        checkItem(event, next)
        next = (next + 1) % burst
        if (++arrived === subscribers * burst) allHave?.()
      })
    })
  }
  async function publish(end: ClientEnd): Promise<number> {
    arrived = 0
    const startedAt = performance.now()
    const all = new Promise<void>((resolve) => {
      allHave = resolve
    })
    await Promise.all([end.publish(burst), all])
    return performance.now() - startedAt
  }
  async function run([end]: readonly ClientEnd[], count: number): Promise<Float64Array> {
    const bursts = count / burst / subscribers
    const latencies = new Float64Array(bursts)
    for (let n = 0; n < bursts; n++) latencies[n] = end === undefined ? 0 : await publish(end)
    return latencies
  }
  return { title, unit: 'event', connections: subscribers, grain: subscribers * burst, ...rest, prepare, run }
}
