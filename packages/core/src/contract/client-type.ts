import type { Lazy, Procedure } from './procedure.ts'

/**
 * A router as its client sees it: the same tree, each procedure replaced by the function that calls it.
 * It maps over `keyof R` as it is, and so go-to-definition on `api.todos.add` lands on the procedure.
 */
export type Client<R> = {
  readonly [Name in keyof R]: R[Name] extends Procedure<infer ClientCall, infer _>
    ? ClientCall
    : R[Name] extends Lazy<infer Routes>
      ? Client<Routes>
      : Client<R[Name]>
}
