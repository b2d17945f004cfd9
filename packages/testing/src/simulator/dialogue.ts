import { type Conditions, GOOD_CONDITIONS } from './conditions.ts'
import type { OperationKind, Task } from './history.ts'
import type { Operation } from './operation.ts'
import { Random } from './random.ts'
import type { Fault } from './simulation-options.ts'
import { type Report, World } from './world.ts'

/** What is said in the dialogue: when, and what is other than in the plainest call. */
interface Line extends Partial<Pick<Operation, 'key' | 'cancelAfterMs'>> {
  readonly at: number
  readonly kind: OperationKind
  readonly task?: Partial<Task>
}

/** Calls of each kind, streams, an answer in pieces, bytes in few and in many, errors, a cancelled call, and a pause in which acknowledgements go alone. */
const DIALOGUE: readonly Line[] = [
  { at: 0, kind: 'query' },
  { at: 0, kind: 'mutation', task: { delayMs: 40 } },
  { at: 0, kind: 'tracked', task: { items: 6, everyMs: 15 } },
  { at: 60, kind: 'untracked', task: { items: 5, everyMs: 15 } },
  { at: 60, kind: 'query', task: { padding: 90_000 } },
  { at: 65, kind: 'mutation', task: { bytes: 70_000 } },
  { at: 66, kind: 'query', task: { bytes: 300 } },
  { at: 60, kind: 'mutation', key: 'own', task: { delayMs: 20 } },
  { at: 70, kind: 'mutation', key: 'same' },
  { at: 100, kind: 'idempotent', task: { delayMs: 200 }, cancelAfterMs: 20 },
  { at: 120, kind: 'mutation', task: { does: 'refuse' } },
  { at: 130, kind: 'mutation' },
  { at: 3_000, kind: 'query' },
  { at: 3_000, kind: 'mutation', task: { delayMs: 5 } },
]

const STORM_MS = 10_000

/** Has the same dialogue each time, but for what `fault` and other conditions make of it. */
export function haveDialogue(fault: Fault, conditions: Partial<Conditions> = {}): Promise<Report> {
  const world = new World(new Random(1), { ...GOOD_CONDITIONS, ...conditions }, { fault })
  const [client] = world.clients
  world.fleet.start()
  for (const line of DIALOGUE) {
    world.clock.schedule(() => client !== undefined && world.perform(operationOf(line), client), line.at)
  }
  return world.finish(STORM_MS)
}

function operationOf({ kind, key = 'none', cancelAfterMs, task }: Line): Operation {
  return {
    kind,
    key,
    task: { does: 'answer', delayMs: 0, padding: 0, bytes: 0, items: 0, everyMs: 0, ...task },
    timeoutMs: undefined,
    cancelAfterMs,
    reading: { by: 'observer', pauseMs: 0, leaveAfter: undefined },
  }
}
