/**
 * Who shares a key. Without a principal it is the client by its own random id, which nobody else knows. The prefixes keep
 * the two apart: whoever calls itself by somebody's principal must not get their results.
 */
export function idempotencyScope(principal: string | undefined, client: string): string {
  return principal === undefined ? `${ANONYMOUS}${client}` : `principal:${principal}`
}

/** Whether a scope was chosen by its own client, so that a stranger may have any number of them. */
export function isAnonymousScope(scope: string): boolean {
  return scope.startsWith(ANONYMOUS)
}

const ANONYMOUS = 'client:'
