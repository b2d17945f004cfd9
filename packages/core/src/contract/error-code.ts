/** One thing that is wrong with an input: what, and where in it. */
export interface InputIssue {
  readonly message: string
  readonly path: readonly (string | number)[]
}

/** What was thrown, as a server shows it that exposes its errors. */
export interface ShownError {
  readonly message: string
  readonly stack?: string
}

/** What an error of each of Hotline's own codes carries as `data`. A procedure's declared errors come on top of these. */
export interface StandardErrors {
  readonly BAD_INPUT: { readonly issues: readonly InputIssue[] }
  readonly UNAUTHORIZED: undefined
  readonly FORBIDDEN: undefined
  readonly NOT_FOUND: undefined
  readonly CONFLICT: undefined
  readonly TOO_MANY_REQUESTS: { readonly retryAfterMs: number } | undefined
  /** The server's log has the same id, next to the reason. `thrown` is there only in development: see `exposeErrors`. */
  readonly INTERNAL: { readonly id: string; readonly thrown?: ShownError }
  readonly TIMEOUT: undefined
  readonly CANCELLED: undefined
  readonly CLOSED: undefined
  readonly QUEUE_FULL: undefined
  readonly NOT_SENT: undefined
  readonly OUTCOME_UNKNOWN: undefined
  readonly RESULT_DROPPED: undefined
  readonly SLOW_CONSUMER: undefined
  readonly SESSION_LOST: undefined
  readonly KEY_CONFLICT: undefined
  readonly TOO_LARGE: undefined
  readonly NOT_ENCODABLE: undefined
  readonly TOO_MANY_CALLS: undefined
  readonly TOO_MANY_STREAMS: undefined
}

/** A code of Hotline's own. */
export type ErrorCode = keyof StandardErrors

/** The data of an error with `Code`: known for Hotline's own codes, `unknown` for others. */
export type DataOf<Code extends string> = Code extends ErrorCode ? StandardErrors[Code] : unknown

interface ErrorRow {
  /** Whether a handler may throw it without declaring it. Any other undeclared error crosses as INTERNAL. */
  readonly throwable: boolean
  /** The message of an error made without one: what happened and the remedy. */
  readonly message: string
}

/** Hotline's own codes. A procedure's declared errors may not use these names. */
export const ERROR_CODES = {
  BAD_INPUT: { throwable: false, message: 'The input does not fit the schema: see `data.issues`.' },
  UNAUTHORIZED: { throwable: true, message: 'Nobody is signed in: sign in and call again.' },
  FORBIDDEN: { throwable: true, message: 'This caller may not do that: call as one who may.' },
  NOT_FOUND: { throwable: true, message: 'There is nothing by that name: check the path, or the id given.' },
  CONFLICT: { throwable: true, message: 'The state has changed meanwhile: read it again, then repeat the change.' },
  TOO_MANY_REQUESTS: {
    throwable: true,
    message: 'Too many requests: call again later, after `data.retryAfterMs` where it is given.',
  },
  INTERNAL: { throwable: false, message: "The procedure failed: look for `data.id` in the server's log." },
  TIMEOUT: { throwable: false, message: 'No answer came in time: call again later, or with a larger `timeoutMs`.' },
  CANCELLED: { throwable: false, message: "The call was cancelled by its caller's signal." },
  CLOSED: { throwable: false, message: 'This end was closed before the call ended: open a new one to call again.' },
  QUEUE_FULL: { throwable: false, message: 'Too much waits to be sent: let some calls end first.' },
  NOT_SENT: { throwable: false, message: 'The call never left, so it did not run: it is safe to call again.' },
  OUTCOME_UNKNOWN: {
    throwable: false,
    message:
      'The session was lost while the call was out, so it may have run: look before calling again, or use an `idempotencyKey`.',
  },
  RESULT_DROPPED: {
    throwable: false,
    message: 'The call ran, but its result was not kept: read the new state instead of calling again.',
  },
  SLOW_CONSUMER: { throwable: false, message: 'The items were not read in time: read faster, or ask for fewer.' },
  SESSION_LOST: {
    throwable: false,
    message: 'The session is gone, and all that was open on it: open the stream again.',
  },
  KEY_CONFLICT: { throwable: false, message: 'This `idempotencyKey` was used with another input: use a new one.' },
  TOO_LARGE: {
    throwable: false,
    message: 'The message is larger than may be sent: send less at once, or stream it as `items`.',
  },
  NOT_ENCODABLE: {
    throwable: false,
    message: 'The value holds something that cannot be sent: leave it out or convert it.',
  },
  TOO_MANY_CALLS: { throwable: false, message: 'Too many calls are running: let some end first.' },
  TOO_MANY_STREAMS: { throwable: false, message: 'Too many streams are open: close some first.' },
} as const satisfies Readonly<Record<ErrorCode, ErrorRow>>

/** Whether `code` is one of Hotline's own. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code)
}

/** Whether a handler may throw `code` without having declared it. */
export function isThrowable(code: string): boolean {
  return isErrorCode(code) && ERROR_CODES[code].throwable
}
