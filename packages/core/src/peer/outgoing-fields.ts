import type { CallOptions } from '../contract/call.ts'

/** What a call carries in each session, as the members of its message's last object. */
export function ownFields({ headers, idempotencyKey }: CallOptions, hasItems: boolean): string {
  const fields = withField(withField('', 'headers', headers), 'idempotencyKey', idempotencyKey)
  return withField(fields, 'items', hasItems || undefined)
}

/** The same with one more, unless it is `undefined`. */
export function withField(fields: string, name: string, value: unknown): string {
  if (value === undefined) return fields
  return `${fields}${fields === '' ? '' : ','}"${name}":${JSON.stringify(value)}`
}
