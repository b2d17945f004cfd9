import type { BlobLike, Encoded } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { messageOf } from '../contract/message-of.ts'
import type { ValueText } from '../protocol/format.ts'

/**
 * An encoded value with its blobs read: at once where it has none. Blobs never change, so what is read later is what
 * was encoded. The promise rejects with a HotlineError `NOT_ENCODABLE` where a blob can't be read, as when its file is gone.
 */
export function readBlobs(encoded: Encoded | undefined): ValueText | undefined | Promise<ValueText> {
  if (encoded === undefined || hasNoBlobs(encoded)) return encoded
  const { json, meta, attachments = [] } = encoded
  return Promise.all(attachments.map(read)).then((read) => ({ json, meta, attachments: read }))
}

function hasNoBlobs(encoded: Encoded): encoded is Encoded & ValueText {
  return encoded.attachments === undefined || encoded.attachments.every(isRead)
}

function isRead(attachment: Uint8Array | BlobLike): attachment is Uint8Array {
  return attachment instanceof Uint8Array
}

async function read(attachment: Uint8Array | BlobLike): Promise<Uint8Array> {
  if (isRead(attachment)) return attachment
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await attachment.arrayBuffer())
  } catch (cause) {
    const message = `A blob of ${attachment.size} bytes could not be read: ${messageOf(cause)}.`
    throw new HotlineError('NOT_ENCODABLE', undefined, { message, cause })
  }
  if (bytes.byteLength === attachment.size) return bytes
  const message = `A blob of ${attachment.size} bytes gave ${bytes.byteLength}: its source has changed since.`
  throw new HotlineError('NOT_ENCODABLE', undefined, { message })
}
