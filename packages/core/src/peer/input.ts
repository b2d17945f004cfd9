import { toBase64 } from '../codec/base64.ts'
import { textOfInput } from '../contract/idempotency-input.ts'
import type { CallFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'

/** A call's input as it came. */
export interface Input {
  readonly value: unknown
  readonly attachments: Attachments
}

/** What a key's runs are compared by; `undefined` where it is nested too deeply. Before it is decoded: that changes it in place. */
export function textOf({ value, attachments = [] }: Input, { meta }: CallFields): string | undefined {
  return textOfInput([value, meta, ...attachments.map(toBase64)])
}
