import type { Query } from '@tanstack/query-core'

/** A change that is shown over the server's value until that has it. */
export interface Layer {
  /** What the change makes of a value. Made on one that has it already, it changes nothing that matters. */
  apply(value: unknown): unknown
  /** Whether the server's value has it, by the answer. Without this, only a read that began after that is known to. */
  readonly isIn: ((value: unknown, result: unknown) => boolean) | undefined
  /** What the change was answered with, and how many reads had begun by then. */
  answer?: { readonly reads: number; readonly result: unknown }
}

/** What a cache entry shows: the server's value, and over it the changes that the value may not have yet. */
export function showValue(query: Query) {
  /** What the server said last. */
  let server = query.state.data
  let shown: unknown
  /** Reads that have begun. The result that counts is always the last one's. */
  let reads = 0
  const layers = new Set<Layer>()

  return {
    server: () => server,

    /** A read of the server's value begins. */
    begin(): void {
      reads++
    },

    /** The read that began last gave this. */
    read(value: unknown): void {
      server = value
      confirm(reads)
    },

    /** The server's value is another: `undefined` where there is none yet. */
    push(change: (value: unknown) => unknown): void {
      server = change(server)
      confirm()
    },

    /** Somebody may have touched the entry. Where it shows what it showed, nobody has said anything new. */
    replaced(): void {
      const { data } = query.state
      if (data !== shown) server = data
    },

    add(layer: Layer): void {
      layers.add(layer)
      show()
    },

    /** Its change is not to be: rolled back, whatever came before and after it stays. */
    drop(layer: Layer): void {
      if (layers.delete(layer)) show()
    },

    /** The server has made the change. */
    answer(layer: Layer, result: unknown): void {
      layer.answer = { reads, result }
      confirm()
    },

    /** Whether the value may lack a change that the server has made. */
    isBehind: () => [...layers].some(({ answer }) => answer),

    /** Nobody looks, and who does next reads anew: until then what was answered stays as if the server had said so. */
    settle(): void {
      for (const layer of layers) {
        if (!layer.answer) continue
        layers.delete(layer)
        if (server !== undefined) server = layer.apply(server)
      }
    },
  }

  /** Lets go of what the value has: by itself, or because reads before this one were answered too early to have it. */
  function confirm(before = 0): void {
    for (const layer of layers) {
      const { answer, isIn } = layer
      if (answer && (answer.reads < before || isIn?.(server, answer.result))) layers.delete(layer)
    }
    show()
  }

  function show(): void {
    if (server === undefined) return
    let value: unknown = server
    for (const layer of layers) value = layer.apply(value)
    if (value !== query.state.data) {
      const said = server
      query.setData(value, { manual: true })
      // The cache has told of this, too, as of what others write.
      server = said
    }
    shown = query.state.data
  }
}
