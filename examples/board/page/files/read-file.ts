import type { TaskFile } from '../../shared/model.ts'
import { api } from '../hot.ts'

/** Fetches a file's bytes. They get `type` as their media type, which decides what a browser would do with them. */
export async function readFile(
  { id }: TaskFile,
  { type, signal }: { readonly type: string; readonly signal?: AbortSignal },
): Promise<Blob> {
  const stream = await api.files.read({ file: id }, signal === undefined ? {} : { signal })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  const { size } = await stream.result
  const blob = new Blob(chunks, { type })
  if (blob.size !== size) throw new Error(`${blob.size} of ${size} bytes came: the file was removed meanwhile.`)
  return blob
}
