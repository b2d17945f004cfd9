import { createHash } from 'node:crypto'
import type { ProcedureTable } from '@hotline/core/internal'

/** Names an API by its paths and kinds: the same router gives the same name in every process. */
export function contractHash(procedures: ProcedureTable): string {
  const lines = [
    ...[...procedures.endpoints.values()].map(({ path, definition }) => `${definition.kind} ${path}`),
    ...procedures.lazyPaths.map((path) => `lazy ${path}`),
  ]
  return createHash('sha256').update(lines.sort().join('\n')).digest('base64url').slice(0, 16)
}
