import type { ReadableSource, Source } from './stream.ts'

/** An iterator as its reader sees it, whether it answers at once or later. */
export interface SourceIterator {
  next(): IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>
  return?(): unknown
}

/** Whether it can be read item by item. */
export function isSource(value: unknown): value is Source<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || Symbol.iterator in value || 'getReader' in value
}

/** Begins to read a source. Leaving it early cancels a ReadableStream, as leaving a loop over it would. */
export function iterate(source: Source<unknown>): SourceIterator {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
  if (Symbol.iterator in source) return source[Symbol.iterator]()
  return readableIterator(source)
}

function readableIterator(source: ReadableSource<unknown>): SourceIterator {
  const reader = source.getReader()
  return {
    next: async () => {
      const { done, value } = await reader.read()
      if (!done) return { done: false, value }
      reader.releaseLock()
      return { done: true, value: undefined }
    },
    return: async () => {
      await reader.cancel?.()
      reader.releaseLock()
    },
  }
}
