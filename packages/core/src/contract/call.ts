import type { Source } from './stream.ts'

/** What a single call may be given beside its input. */
export interface CallOptions {
  /** Cancels the call: it rejects with CANCELLED at once, and the handler's `signal` aborts. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait for the answer. Left out, the caller's default holds. An accepted subscription has no deadline. */
  readonly timeoutMs?: number | undefined
  /** Names the intent: calls of one procedure with the same key run once, and all get that run's outcome. */
  readonly idempotencyKey?: string | undefined
  /** Read by the handler as `call.headers`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** For a procedure that takes items from its caller. */
export interface UploadOptions<Item> extends CallOptions {
  /** What the handler reads as `items`; it is pulled only as fast as the handler reads. */
  readonly items: Source<Item>
}

/** The promise of a call whose procedure declares errors. `safe` reads them; nothing of it exists at run time. */
export interface Reply<Out, Errors> extends Promise<Out> {
  readonly '~errors'?: Errors
}

/** How a client calls a procedure. `input` may be left out exactly when its schema accepts `undefined`. */
export type Call<In, Item, Result> = [Item] extends [never]
  ? undefined extends In
    ? (input?: In, options?: CallOptions) => Result
    : (input: In, options?: CallOptions) => Result
  : (input: In, options: UploadOptions<Item>) => Result
