import type { Fleet } from './fleet.ts'
import type { CallRecord, History } from './history.ts'
import type { Network } from './network.ts'
import type { ServerProcess } from './server-process.ts'
import type { SimulatedClient } from './simulated-client.ts'

/** What there may be something left of when everybody has gone home. */
export interface Remains {
  readonly history: History
  readonly network: Network
  readonly fleet: Fleet
  readonly clients: readonly SimulatedClient[]
}

/** What is left over once every client is closed, the server has stopped and time has gone by: there may be nothing. */
export function judgeRest({ history, network, fleet, clients }: Remains): string[] {
  return [
    ...clients
      .filter(({ environment }) => environment.timers > 0)
      .map(({ name, environment }) => timers(name, environment)),
    ...fleet.processes.flatMap(judgeProcess),
    ...network.links.map(({ name }) => `rest: connection ${name} is still there`),
    ...history.calls.flatMap((call) => {
      const left = call.runs.filter((run) => run.endedAt === undefined && isAlive(fleet, run.process))
      return left.length === 0 ? [] : [`rest: ${left.length} handlers of call ${call.number} (${call.kind}) still run`]
    }),
    ...history.probes
      .filter((probe) => !isAnswered(history.calls[probe]))
      .map((probe) => `recovery: call ${probe} (${history.calls[probe]?.client}) got no answer in good weather`),
  ]
}

/** A client that stood still until now may have a full queue still, or be closed in the same moment. */
function isAnswered(call: CallRecord | undefined): boolean {
  const outcome = call?.outcomes[0]
  if (outcome === undefined || outcome.name === 'result') return outcome !== undefined
  return outcome.error.code === 'QUEUE_FULL' || (outcome.error.code === 'CLOSED' && outcome.at === call?.calledAt)
}

function judgeProcess({ number, environment, connections, sessions }: ServerProcess): string[] {
  if (environment.isKilled) return []
  const left =
    connections + sessions > 0
      ? [`rest: process ${number} holds ${connections} connections and ${sessions} sessions`]
      : []
  return environment.timers > 0 ? [...left, timers(`process ${number}`, environment)] : left
}

function timers(owner: string, { timers }: { readonly timers: number }): string {
  return `rest: ${owner} has ${timers} timers left`
}

function isAlive(fleet: Fleet, process: number): boolean {
  return fleet.processes[process]?.environment.isKilled === false
}
