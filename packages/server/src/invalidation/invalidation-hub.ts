import type { Codec } from '@hotline/core'
import { consoleLogger } from '../logger.ts'
import { InvalidatedPaths } from './invalidated-paths.ts'
import type { Invalidated } from './invalidation.ts'
import { InvalidationFollower } from './invalidation-follower.ts'
import { withSendableInputs } from './sendable-input.ts'

/** An audience's name; `undefined` is everyone. */
type Audience = string | undefined

/** What it throws or rejects with is the application's to hear, and ends nothing. */
type Forward = (invalidated: Invalidated) => unknown

/** What a hub is made with. */
export interface HubOptions {
  readonly maxPaths: number
  /** Told of what was invalidated here, and not of what came from elsewhere. */
  readonly forward: Forward | undefined
  /** That of the streams. */
  readonly codec: Codec
}

/** Brings what is invalidated to those who follow it: all of one turn of the event loop together. */
export class InvalidationHub {
  readonly #options: HubOptions
  readonly #followers = new Map<Audience, Set<InvalidationFollower>>()
  readonly #due = new Map<Audience, InvalidatedPaths>()

  constructor(options: HubOptions) {
    this.#options = options
  }

  /** Holds as much as one turn may. */
  newPaths(): InvalidatedPaths {
    return new InvalidatedPaths(this.#options.maxPaths)
  }

  /** Told to the followers, and to other processes, when this turn is over. */
  invalidate(given: Invalidated): void {
    const { audience, ...invalidation } = withSendableInputs(given, this.#options.codec)
    if (this.#due.size === 0) setImmediate(() => this.#flush())
    let paths = this.#due.get(audience)
    if (paths === undefined) {
      paths = this.newPaths()
      this.#due.set(audience, paths)
    }
    // It has one of both, as its type says; taking the audience off it loses that.
    paths.add(invalidation as Invalidated)
  }

  /** What came from elsewhere. */
  receive(given: Invalidated): void {
    this.#deliver(withSendableInputs(given, this.#options.codec))
  }

  /** Gives a follower, and its undo, which may be called twice. */
  follow(audience: Audience): { readonly follower: InvalidationFollower; leave(): void } {
    const follower = new InvalidationFollower(this.newPaths())
    const followers = this.#followers.get(audience) ?? new Set()
    this.#followers.set(audience, followers.add(follower))
    const leave = () => {
      follower.leave()
      if (followers.delete(follower) && followers.size === 0) this.#followers.delete(audience)
    }
    return { follower, leave }
  }

  get size(): number {
    return [...this.#followers.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #flush(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const [audience, paths] of due) {
      const invalidated = { ...paths.take(), ...(audience === undefined ? {} : { audience }) }
      this.#deliver(invalidated)
      void forward(this.#options.forward, invalidated)
    }
  }

  /** Tells the followers in this process. */
  #deliver({ audience, ...invalidation }: Invalidated): void {
    const told = audience === undefined ? [...this.#followers.values()] : [this.#followers.get(audience) ?? []]
    // As above.
    for (const followers of told) for (const follower of followers) follower.tell(invalidation as Invalidated)
  }
}

/** Begins in this turn. There is no call whose error this could be: the console is told. */
async function forward(to: Forward | undefined, invalidated: Invalidated): Promise<void> {
  try {
    await to?.(invalidated)
  } catch (err) {
    consoleLogger.error({ err }, '"forward" of invalidations failed: other processes may not hear of this one')
  }
}
