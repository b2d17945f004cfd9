import type { BlobLike } from './codec.ts'

interface FileLike extends BlobLike {
  readonly name: string
  readonly lastModified: number
}

/** The globals that not every environment has, and this package's types don't know. */
interface Globals {
  readonly Blob?: new (parts: readonly Uint8Array[], options: { readonly type: string }) => BlobLike
  readonly File?: new (
    parts: readonly Uint8Array[],
    name: string,
    options: { readonly type: string; readonly lastModified: number },
  ) => FileLike
}

/** Asked for at each use: a polyfill may bring them later. */
function globals(): Globals {
  // Whatever else these names may stand for somewhere, they are the constructors that the platforms' standard describes.
  return globalThis as unknown as Globals
}

export function isBlob(value: object): value is BlobLike {
  const { Blob } = globals()
  return Blob !== undefined && value instanceof Blob
}

export function isFile(value: object): value is FileLike {
  const { File } = globals()
  return File !== undefined && value instanceof File
}

/** @throws TypeError where this environment has no `Blob`. */
export function makeBlob(bytes: Uint8Array, type: string): BlobLike {
  const { Blob } = globals()
  if (Blob === undefined) throw new TypeError('A value is a Blob, and there are none in this environment.')
  return new Blob([bytes], { type })
}

/** @throws TypeError where this environment has no `File`. */
export function makeFile(bytes: Uint8Array, name: string, options: { type: string; lastModified: number }): BlobLike {
  const { File } = globals()
  if (File === undefined) throw new TypeError('A value is a File, and there are none in this environment.')
  return new File([bytes], name, options)
}
