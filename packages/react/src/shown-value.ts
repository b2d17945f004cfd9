import type { Query } from '@tanstack/query-core'

/** A change that is shown over the server's value until that has it. */
export interface Layer {
  /** What the change makes of a value. Made on one that has it already, it changes nothing that matters. */
  apply(value: unknown): unknown
  /** Whether the server's value has it, by the answer. Without this, only a read that began after that is known to. */
  readonly isIn: ((value: unknown, result: unknown) => boolean) | undefined
  /** What the change was answered with, and the signal of the read that had begun last by then. */
  answer?: { signal: AbortSignal | boolean | undefined; readonly result: unknown }
}

/** What a cache entry shows: the server's value, and over it the changes that the value may not have yet. */
export function showValue(query: Query) {
  /** What the server said last. */
  let server = query.state.data
  /** When that came. */
  let updatedAt = query.state.dataUpdatedAt
  let shown = server
  let isShowing = false
  /** Whether the server's value is what somebody else has made of one with changes over it. */
  let isMixed = false
  /**
   * That of the read that has begun last, the same for all its pages: the result that counts is always this one's. `true`
   * before any; `false` where one is under way that began before anybody looked from here.
   */
  let signal: AbortSignal | boolean = query.state.fetchStatus === 'idle'
  const layers = new Set<Layer>()

  return {
    server: () => server,

    /** A read of the server's value begins, or another page of it. */
    begin(latest: AbortSignal): void {
      signal = latest
    },

    /** The read that began last gave this. */
    read(value: unknown): void {
      server = value
      updatedAt = query.state.dataUpdatedAt
      isMixed = false
      // One that nobody had seen begin is over: the next begins after what was answered by now.
      signal ||= true
      confirm(signal)
    },

    /** The server's value is another: `undefined` where there is none yet. Where it `isWhole`, whatever failed before is over. */
    push(change: (value: unknown) => unknown, isWhole: boolean): void {
      server = change(server)
      updatedAt = Date.now()
      confirm(undefined, isWhole)
    },

    /** Somebody may have touched the entry. Where it shows what it showed, nobody has said anything new. */
    replaced(): void {
      const { data, dataUpdatedAt } = query.state
      if (isShowing || data === shown) return
      server = data
      updatedAt = dataUpdatedAt
      isMixed = layers.size > 0
      confirm()
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
      layer.answer = { signal, result }
      confirm()
    },

    /** Whether the value may lack a change that the server has made, or have one that it hasn't. */
    isBehind: () => (layers.size > 0 ? [...layers].some(({ answer }) => answer) : isMixed),

    /** Nobody looks, and who does next reads anew: until then what was answered stays as if the server had said so. */
    settle(): void {
      for (const layer of layers) {
        if (layer.answer && layers.delete(layer) && server !== undefined) server = layer.apply(server)
      }
    },
  }

  /**
   * Lets go of what the value has: by itself, or because it is of a read that began when they had been answered. What was
   * changed later waits for that, or an earlier change of the same thing would show again.
   */
  function confirm(read?: AbortSignal | boolean, isWhole = false): void {
    let waits = false
    for (const layer of layers) {
      const { answer, isIn } = layer
      if (!answer) continue
      // One that nobody had seen begin may be this one.
      answer.signal ||= read
      waits ||= (!read || answer.signal === read) && (server === undefined || isMixed || !isIn?.(server, answer.result))
      if (!waits) layers.delete(layer)
    }
    show(isWhole)
  }

  function show(isWhole = false): void {
    if (server === undefined) return
    let value: unknown = server
    for (const layer of layers) value = layer.apply(value)
    const { data, status, error, isInvalidated } = query.state
    // The cache tells of this, too, as of what others write; whoever hears of it may throw.
    isShowing = true
    try {
      if (value !== data || (isWhole && (error || isInvalidated))) {
        query.setData(value, { manual: true, updatedAt })
        // That makes any entry fresh and sound.
        if (isInvalidated && !isWhole) query.setState({ status, error, isInvalidated })
      }
    } finally {
      isShowing = false
      shown = query.state.data
    }
  }
}
