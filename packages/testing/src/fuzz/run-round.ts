import { Round, type RoundOptions, type RoundReport } from './round.ts'
import type { Target } from './target.ts'

/** Objects that all others inherit from: nobody may add to them. */
const SHARED = { Object: Object.prototype, Array: Array.prototype, Function: Function.prototype, Map: Map.prototype }

/** Runs one round. The same seed gives the same round, to the last line of its trace. */
export async function runRound(target: Target, seed: number, options: RoundOptions = {}): Promise<RoundReport> {
  const round = new Round(seed, options)
  const before = Object.values(SHARED).map((shared) => Reflect.ownKeys(shared).length)
  const stopListening = listen(round)
  try {
    await target.run(round)
    // A rejection counts as unhandled when the turn is over.
    await round.settle()
  } catch (error) {
    round.crash(`the round itself failed: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    stopListening()
  }
  for (const [index, [name, shared]] of Object.entries(SHARED).entries()) {
    if (Reflect.ownKeys(shared).length !== before[index]) round.crash(`${name}.prototype is polluted`)
  }
  return round.report(target.name, seed)
}

/** What nobody catches ends a process; here it ends a round. */
function listen(round: Round): () => void {
  const onRejection = (reason: unknown) =>
    round.crash(`a rejection was not handled: ${reason instanceof Error ? reason.stack : String(reason)}`)
  const onException = (error: unknown) =>
    round.crash(`an exception was not caught: ${error instanceof Error ? error.stack : String(error)}`)
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
}
