import { Queue } from './queue.ts'

/** A message that gets its text when it is written, since it says how much time is left, or may be withdrawn until then. */
export interface Draft {
  /** `undefined` where the message has been withdrawn. Called once. */
  write(now: number): string | undefined
}

export type Pending = string | Draft

/** Messages of one stream that wait for their turn. */
export class StreamLane {
  readonly queue = new Queue<string>()
  characters = 0
  #onEmpty: (() => void) | undefined

  /** Resolves when nothing waits any more, or when the waiting is called off. For one waiter at a time. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve
    })
  }

  /** Nothing waits any more, or whoever waits for that needn't. */
  release(): void {
    this.#onEmpty?.()
    this.#onEmpty = undefined
  }
}

/**
 * What waits without a number. No number means never sent. Small control goes first (a cancel, later credit), then
 * calls and results, then streams, one message of each in turn.
 */
export class Outbox {
  readonly #control = new Queue<Pending>()
  readonly #calls = new Queue<Pending>()
  readonly #turns = new Queue<StreamLane>()
  #characters = 0

  /** Characters of the messages whose text stands already. */
  get characters(): number {
    return this.#characters
  }

  get isEmpty(): boolean {
    return this.#control.size === 0 && this.#calls.size === 0 && this.#turns.size === 0
  }

  pushControl(message: Pending): void {
    this.#control.push(message)
    this.#characters += sizeOf(message)
  }

  pushCall(message: Pending): void {
    this.#calls.push(message)
    this.#characters += sizeOf(message)
  }

  pushStream(lane: StreamLane, message: string): void {
    if (lane.queue.size === 0) this.#turns.push(lane)
    lane.queue.push(message)
    lane.characters += message.length
    this.#characters += message.length
  }

  /** The text of the next message that hasn't been withdrawn. */
  take(now: number): string | undefined {
    for (;;) {
      const pending = this.#control.shift() ?? this.#calls.shift()
      if (pending === undefined) return this.#takeStream()
      this.#characters -= sizeOf(pending)
      const text = typeof pending === 'string' ? pending : pending.write(now)
      if (text !== undefined) return text
    }
  }

  #takeStream(): string | undefined {
    const lane = this.#turns.shift()
    const text = lane?.queue.shift()
    if (lane === undefined || text === undefined) return undefined
    lane.characters -= text.length
    this.#characters -= text.length
    if (lane.queue.size > 0) this.#turns.push(lane)
    else lane.release()
    return text
  }
}

function sizeOf(pending: Pending): number {
  return typeof pending === 'string' ? pending.length : 0
}
