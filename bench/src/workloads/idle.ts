import { inWaves } from '../waves.ts'
import { echo } from './calls.ts'
import type { Workload } from './workload.ts'

/** Connections that have made a call and then say nothing. What is measured is the memory of the server. */
export function idle(connections: number): Workload {
  return {
    title: `${connections.toLocaleString('en')} idle connections`,
    unit: 'client',
    connections,
    operations: connections,
    isApart: true,
    prepare: (ends) => inWaves(ends, (end) => echo(end, 0)).then(() => {}),
    run: async () => new Float64Array(),
  }
}
