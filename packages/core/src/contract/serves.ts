import type { AnyLazy, Procedure } from './procedure.ts'

/** A router whose procedures are content with `Context`. A part that is loaded later is taken at its word. */
export interface Serves<Context> {
  readonly [name: string]: Procedure<unknown, Context> | AnyLazy | Serves<Context>
}
