import { type DataOf, ERROR_CODES, type ErrorCode, isErrorCode, type StandardErrors } from './error-code.ts'

/** Registered, not local: an error made by another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/error')

/** What may be said about an error besides its code and data. */
export interface ErrorDetails {
  /** For people. Left out, it is the sentence of the code's row, or the code itself. */
  readonly message?: string | undefined
  /** Whether the handler may have begun. `false` where nothing is said. */
  readonly mayHaveRun?: boolean | undefined
  /** What led to it. It stays on this end: causes and stacks never cross the wire. */
  readonly cause?: unknown
}

/**
 * The one class of error that Hotline gives to its callers, and that handlers throw on purpose.
 * Branch on `code`; `data` belongs to the code.
 */
export class HotlineError<Code extends string = string, Data = DataOf<Code>> extends Error {
  static {
    // On the prototype, so that a stack begins with the name and no error has to carry either. Named by itself here, the class
    // would be bundled under another name, which consoles print.
    // biome-ignore lint/complexity/noThisInStatic: said above
    Object.defineProperties(this.prototype, { name: { value: 'HotlineError' }, [MARK]: { value: true } })
  }

  declare readonly name: 'HotlineError'
  readonly code: Code
  readonly data: Data
  /** `false`: the handler has not begun and will not. `true`: it may have, so look before calling again. */
  readonly mayHaveRun: boolean

  /** `data` may be left out where the code carries none. */
  constructor(code: Code, ...rest: DataAndDetails<Code, Data>) {
    const [data, details = {}] = rest
    super(details.message ?? defaultMessage(code), 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.data = data as Data // left out only where the parameter's type lets `Data` be undefined
    this.mayHaveRun = details.mayHaveRun ?? false
  }
}

/** The intersection lets `Data` be inferred from a declared error, and still holds Hotline's own codes to their data. */
export type DataAndDetails<Code extends string, Data> =
  | readonly [data: Data & DataOf<Code>, details?: ErrorDetails | undefined]
  | (undefined extends Data ? readonly [] : never)

/** Whether `error` is a HotlineError, also one of another copy of this package. */
export function isHotlineError(error: unknown): error is HotlineError
/** Narrows to one of Hotline's own codes, with its data. */
export function isHotlineError<Code extends ErrorCode>(
  error: unknown,
  code: Code,
): error is HotlineError<Code, StandardErrors[Code]>
/** Narrows an error whose type is known, as `safe` gives it. */
export function isHotlineError<Known extends HotlineError, Code extends Known['code']>(
  error: Known,
  code: Code,
): error is Extract<Known, { code: Code }>
/** Narrows anything caught to a declared code; its data stays `unknown`. With a witness, `isErrorOf` types it. */
export function isHotlineError<Code extends string>(error: unknown, code: Code): error is HotlineError<Code>
export function isHotlineError(error: unknown, code?: string): boolean {
  if (typeof error !== 'object' || error === null || !(MARK in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}

function defaultMessage(code: string): string {
  return isErrorCode(code) ? ERROR_CODES[code].message : code
}
