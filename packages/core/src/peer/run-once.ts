import type { Codec } from '../codec/codec.ts'
import type { Definition } from '../contract/definition.ts'
import { toFailure } from '../contract/failure.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import {
  deserted,
  inDoubt,
  keyConflict,
  notWithKey,
  resultDropped,
  runningElsewhere,
  stoppedHalfWay,
  tooManyKeys,
} from '../contract/idempotency-errors.ts'
import type { IdempotencyState, IdempotencyStore } from '../contract/idempotency-store.ts'
import { invoke } from '../contract/invoke.ts'
import { isThenable } from '../contract/is-thenable.ts'
import { formatResult } from '../protocol/format.ts'
import { errorText } from './answer-writer.ts'
import { checkIdempotencyState } from './check-idempotency-state.ts'
import { encodeInline } from './encode-value.ts'
import { type KeyedCall, KeyedRun } from './keyed-run.ts'
import { stoppedBy } from './stopped-by.ts'

export interface RunOnceOptions {
  readonly store: IdempotencyStore
  readonly codec: Codec
  /** For development: `INTERNAL` shows what was thrown. */
  readonly exposesErrors?: boolean | undefined
  /** SHA-256, say: two inputs with the same hash count as the same. */
  hash(text: string): string
  newId(): string
  now(): number
}

/**
 * Runs each call that carries a key once, however often and from however many sessions it is made: those that come while
 * it runs wait for the same answer, later ones get it from the store. An outcome is what a handler that began has ended
 * with, errors too; where none began, as for a bad input, the key is free again.
 */
export class RunOnce {
  readonly #options: RunOnceOptions
  readonly #runs = new Map<string, KeyedRun>()

  constructor(options: RunOnceOptions) {
    this.#options = options
  }

  /** Runs that haven't ended. */
  get size(): number {
    return this.#runs.size
  }

  /** Keys that the store knows, where it can tell. */
  get keys(): number | undefined {
    return this.#options.store.size
  }

  /** Answers the call in the end, whatever happens. */
  join(call: KeyedCall): void {
    const inputHash = this.#check(call)
    if (inputHash instanceof HotlineError) return call.answer(this.#textOf(inputHash))
    const { scope, path, key } = call.key
    const name = JSON.stringify([scope, path, key])
    const known = this.#runs.get(name)
    if (known === undefined) return this.#start(new KeyedRun(call, inputHash), name)
    if (known.inputHash === inputHash) this.#wait(known, call)
    else call.answer(this.#textOf(keyConflict()))
  }

  /** The hash of the input, or why the call can't run with this key. */
  #check({ key, invocation, inputText }: KeyedCall): string | HotlineError {
    if (invocation.endpoint.definition.kind === 'subscription') {
      return notWithKey(`"${key.path}" is a subscription: an \`idempotencyKey\` is for queries and mutations only.`)
    }
    if (invocation.endpoint.definition.items !== undefined) {
      return notWithKey(`"${key.path}" takes items, which come once: an \`idempotencyKey\` is for calls without.`)
    }
    if (key.key === '') return notWithKey('The `idempotencyKey` is empty: give each intent a key of its own.')
    if (inputText === undefined) return notWithKey(`The input of "${key.path}" is nested too deeply.`)
    return this.#options.hash(inputText)
  }

  #start(run: KeyedRun, name: string): void {
    this.#runs.set(name, run)
    run.onEnd = () => this.#runs.delete(name)
    this.#wait(run, run.first)
    const { store, now } = this.#options
    settle(
      () => store.begin(run.key, run.inputHash, now()),
      (state) => this.#begun(run, state),
      (thrown) => run.end(this.#failure(run, thrown)),
    )
  }

  #wait(run: KeyedRun, call: KeyedCall): void {
    run.wait(call, (reason) => {
      // A responder aborts what it runs with nothing else.
      const { code, message } = reason as HotlineError
      const details = { message, mayHaveRun: run.invocation.hasBegun }
      return this.#textOf(new HotlineError<string, unknown>(code, undefined, details))
    })
  }

  #begun(run: KeyedRun, state: IdempotencyState): void {
    try {
      checkIdempotencyState(state)
    } catch (thrown) {
      return run.end(this.#failure(run, thrown))
    }
    if ('inputHash' in state && state.inputHash !== run.inputHash) return run.end(this.#textOf(keyConflict()))
    switch (state.name) {
      case 'claimed':
        if (this.#mayHaveRunElsewhere(run)) return this.#release(run, this.#textOf(inDoubt()))
        return run.isDeserted ? this.#release(run, this.#textOf(deserted())) : this.#run(run)
      case 'running':
        return run.end(this.#textOf(runningElsewhere()))
      case 'done':
        return run.end(state.outcome ?? this.#textOf(resultDropped()))
      case 'inDoubt':
        if (mayRunAgain(run.definition) && !run.isDeserted) return this.#run(run)
        return run.end(this.#textOf(inDoubt()))
      case 'full':
        return run.end(this.#textOf(tooManyKeys(state.retryAfterMs)))
    }
  }

  /** A store that forgets with its process can't tell a call that never ran from one that ran in the process before. */
  #mayHaveRunElsewhere({ first, definition }: KeyedRun): boolean {
    return first.isAgain && !this.#options.store.isDurable && !mayRunAgain(definition)
  }

  #run(run: KeyedRun): void {
    run.hasStarted = true
    settle(
      () => invoke(run.invocation),
      (value) => this.#returned(run, value),
      (thrown) => this.#threw(run, thrown),
    )
  }

  #returned(run: KeyedRun, value: unknown): void {
    let text: string
    try {
      text = formatResult(0, value === undefined ? undefined : encodeInline(this.#options.codec, value))
    } catch (thrown) {
      return this.#threw(run, thrown)
    }
    this.#finish(run, text)
  }

  #threw(run: KeyedRun, thrown: unknown): void {
    const { invocation, definition } = run
    if (stoppedBy(invocation, thrown) === undefined) return this.#failed(run, this.#failure(run, thrown))
    const text = this.#textOf(invocation.hasBegun ? stoppedHalfWay() : deserted())
    // What was stopped half-way is in doubt, and that only matters where running it again may do harm.
    if (!invocation.hasBegun || mayRunAgain(definition)) this.#release(run, text)
    else this.#finish(run, text)
  }

  #failed(run: KeyedRun, text: string): void {
    if (run.invocation.hasBegun) this.#finish(run, text)
    else this.#release(run, text)
  }

  /** What the answer says must be what the store says, so nobody is answered before it knows. */
  #finish(run: KeyedRun, text: string): void {
    const { store, now } = this.#options
    this.#endAfter(run, text, () => store.finish(run.key, text, now()))
  }

  #release(run: KeyedRun, text: string): void {
    this.#endAfter(run, text, () => this.#options.store.release(run.key))
  }

  #endAfter(run: KeyedRun, text: string, tellStore: () => void | Promise<void>): void {
    const end = () => run.end(text)
    settle(tellStore, end, (reason) => {
      run.first.report({ path: run.key.path, id: this.#options.newId(), reason })
      end()
    })
  }

  #failure(run: KeyedRun, thrown: unknown): string {
    const { definition, invocation, key } = run
    const { exposesErrors, newId } = this.#options
    const { hasBegun: mayHaveRun } = invocation
    const { error, unexpected } = toFailure(thrown, { definition, mayHaveRun, exposesErrors, newId })
    if (unexpected !== undefined) run.first.report({ path: key.path, ...unexpected })
    return this.#textOf(error)
  }

  #textOf(error: HotlineError): string {
    return errorText(this.#options.codec, 0, error)
  }
}

/** Whether a procedure may run a second time by its own declaration, whatever became of the first. */
export function mayRunAgain({ kind, idempotent }: Definition): boolean {
  return kind !== 'mutation' || idempotent
}

/** Goes on at once where nothing has to be awaited. */
function settle<Value>(
  give: () => Value | Promise<Value>,
  then: (value: Value) => void,
  fail: (thrown: unknown) => void,
): void {
  let given: Value | Promise<Value>
  try {
    given = give()
  } catch (thrown) {
    return fail(thrown)
  }
  // What a store gives may be no real promise.
  if (isThenable(given)) void Promise.resolve(given).then(then, fail)
  else then(given)
}
