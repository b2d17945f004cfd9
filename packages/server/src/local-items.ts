import { type CallOptions, HotlineError, type Source } from '@hotline/core'
import { acceptItem, type Endpoint, isBadInput, isSource, iterate, type SourceIterator } from '@hotline/core/internal'

/** What a caller in the same process streams in: pulled as the handler reads, and checked as over the wire. */
export interface LocalItems extends AsyncIterable<unknown> {
  /** What the handler was told of an item that doesn't fit: its caller's fault, and not its own. */
  readonly refusal: HotlineError | undefined
}

/**
 * The items of a call, where it has some.
 * @throws TypeError for items that can't be read one by one, HotlineError `BAD_INPUT` where the procedure takes none.
 */
export function localItems(endpoint: Endpoint, options: CallOptions): LocalItems | undefined {
  if (!('items' in options) || options.items === undefined) return undefined
  const { items: source } = options
  if (!isSource(source)) {
    throw new TypeError('"items" can\'t be read: give an iterable, an async iterable or a ReadableStream.')
  }
  if (endpoint.definition.items === undefined) {
    const message = `"${endpoint.path}" takes no items: send what it needs as its input.`
    throw new HotlineError('BAD_INPUT', { issues: [] }, { message })
  }
  let refusal: HotlineError | undefined
  return {
    get refusal() {
      return refusal
    },
    [Symbol.asyncIterator]: () =>
      read(endpoint, source, (thrown) => {
        refusal = thrown
      }),
  }
}

async function* read(
  endpoint: Endpoint,
  source: Source<unknown>,
  onRefusal: (refusal: HotlineError) => void,
): AsyncGenerator<unknown, void> {
  const iterator = iterate(source)
  // One that fails as it is asked is over, as one that ends.
  let isOver = true
  try {
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      isOver = false
      yield await accept(endpoint, step.value, onRefusal)
      isOver = true
    }
  } catch (thrown) {
    // As where a loop is left by a throw: what its source throws then doesn't count.
    if (!isOver) await leave(iterator).catch(() => {})
    isOver = true
    throw thrown
  } finally {
    // Leaving early leaves the source too.
    if (!isOver) await leave(iterator)
  }
}

async function leave(iterator: SourceIterator): Promise<void> {
  await iterator.return?.()
}

async function accept(endpoint: Endpoint, item: unknown, onRefusal: (refusal: HotlineError) => void): Promise<unknown> {
  try {
    return await acceptItem(endpoint, item)
  } catch (thrown) {
    if (isBadInput(thrown)) onRefusal(thrown)
    throw thrown
  }
}
