const CHUNK_BYTES = 65_536

/**
 * A file in chunks, each read when it is asked for. The line asks for the next only when the server has room for it, so
 * `onTaken` counts what is really on its way and not what lies in a buffer.
 */
export async function* chunksOf(file: Blob, onTaken: (bytes: number) => void): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    const chunk = new Uint8Array(await file.slice(start, start + CHUNK_BYTES).arrayBuffer())
    yield chunk
    onTaken(start + chunk.length)
  }
}
