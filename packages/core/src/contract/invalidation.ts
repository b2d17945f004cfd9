/** What clients should read anew, as a subscription of `invalidations` tells it: some paths, or all that they have read. */
export type Invalidation =
  | { readonly paths: readonly InvalidatedPath[]; readonly all?: never }
  | { readonly all: true; readonly paths?: never }

export interface InvalidatedPath {
  /** Of a procedure, or of a group: `tasks` means everything below it. */
  readonly path: string
  /** Only calls whose input has this, as a part or as a whole; without it, all of them. */
  readonly input?: unknown
}
