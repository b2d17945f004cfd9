/** Hands each published value to every follower: what an application writes around an event emitter. */
export class Topic<Value> {
  readonly #followers = new Set<(value: Value) => void>()

  publish(value: Value): void {
    for (const follower of this.#followers) follower(value)
  }

  /** Follows from now on, not from the first read on. */
  follow(signal: AbortSignal): AsyncIterable<Value, void> {
    const waiting: Value[] = []
    let wake: (() => void) | undefined
    const follower = (value: Value): void => {
      waiting.push(value)
      wake?.()
    }
    this.#followers.add(follower)
    signal.addEventListener('abort', () => {
      this.#followers.delete(follower)
      wake?.()
    })
    return (async function* () {
      while (!signal.aborted) {
        for (const value of waiting.splice(0)) yield value
        if (waiting.length === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      }
    })()
  }
}
