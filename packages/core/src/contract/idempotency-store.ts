/** What names one intent: a call of the same procedure by the same caller with the same key is the same call. */
export interface IdempotencyKey {
  /** Who calls: `principal:` and the principal, else `client:` and the id that the client gave itself. */
  readonly scope: string
  /** The procedure's full name. */
  readonly path: string
  /** What the call carries as `idempotencyKey`. */
  readonly key: string
}

/** What a store knows of a key. `inputHash` is the one that the key was claimed with. */
export type IdempotencyState =
  /** Nobody had used it: now it belongs to this call, which runs. */
  | { readonly name: 'claimed' }
  /** Somebody else runs it: another process, where the store is shared. A store that can wait for its end waits instead. */
  | { readonly name: 'running'; readonly inputHash: string }
  /** It ran, and ended so; `undefined` where the outcome was too much to keep. */
  | { readonly name: 'done'; readonly inputHash: string; readonly outcome: string | undefined }
  /** It was running when its process died, so nobody knows whether it took effect. */
  | { readonly name: 'inDoubt'; readonly inputHash: string }
  /** There is no room for another key. */
  | { readonly name: 'full'; readonly retryAfterMs: number }

/**
 * Keeps which calls with a key have run, and how they ended. What is stored are strings made by Hotline: a hash of the
 * input, and the outcome as the text of its answer, so that everyone gets the same bytes. Each method may give a promise.
 *
 * `now` is the process's own clock: milliseconds that never run backwards, and no time of day. What outlives its process
 * needs a clock of its own.
 */
export interface IdempotencyStore {
  /**
   * Whether it outlives the process. Where it doesn't, a mutation that is sent again after a lost session and whose key
   * it doesn't know may have run in a process that is gone: it gets `OUTCOME_UNKNOWN`, and nothing runs twice in silence.
   */
  readonly isDurable: boolean
  /** Keys that it knows, where it can tell: for `server.stats()`. */
  readonly size?: number | undefined
  /**
   * Gives the key's state, and claims it where nobody has. Claiming must be atomic: of any number of callers, in
   * whatever process, one gets `claimed`. Where it throws, the call does not run.
   */
  begin(key: IdempotencyKey, inputHash: string, now: number): IdempotencyState | Promise<IdempotencyState>
  /**
   * The run has ended: from now on the key is `done`. The caller is answered afterwards. Where it throws, the caller is
   * answered all the same and the key stays as it is: running, and in doubt once the process is gone.
   */
  finish(key: IdempotencyKey, outcome: string, now: number): void | Promise<void>
  /** The run ended before its handler began, so nothing has happened: the key is as if it had never been used. */
  release(key: IdempotencyKey): void | Promise<void>
}
