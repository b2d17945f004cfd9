import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/core'
import type { AuthenticateCall, Authenticated } from '@hotline/server'
import { PlannedFailure } from './fuzzed-router.ts'

/** What a server has done about one connection. */
export class Visit {
  /** Whom `authenticate` knew last. */
  principal: string | undefined
  /** Its greeting was answered, and to whom: before that nothing of it may run. */
  welcomed: { readonly principal: string | undefined } | undefined
  /** Whom it was let in as has been revoked: nothing may be said to it any more. */
  isRevoked = false
}

/** Who was let in, and until when. */
interface Grant {
  readonly visit: Visit
  readonly principal: string | undefined
  /** On the doorman's clock. */
  readonly holdsUntil: number
}

/** What the doorman needs of the world. */
export interface DoormanWorld {
  now(): number
  sleep(delayMs: number): Promise<void>
}

/** Longer than a server waits for `authenticate`. */
const TOO_LATE_MS = 15_000

/** Lets strangers in, or not, as their `auth` asks for, and remembers whose handlers may run. */
export class Doorman {
  readonly #world: DoormanWorld
  readonly #visits = new Map<IncomingMessage, Visit>()
  readonly #grants = new Map<unknown, Grant>()
  #plannedFailures = 0

  constructor(world: DoormanWorld) {
    this.#world = world
  }

  /** Somebody has come; the request is theirs alone. */
  receive(request: IncomingMessage): Visit {
    const visit = new Visit()
    this.#visits.set(request, visit)
    return visit
  }

  /** For a server's `authenticate`. */
  async authenticate({ auth }: AuthenticateCall): Promise<Authenticated<object>> {
    const { does, as } = (typeof auth === 'object' && auth !== null ? auth : {}) as Readonly<Record<string, unknown>>
    switch (does) {
      case 'wait':
        await this.#world.sleep(50)
        break
      case 'late':
        await this.#world.sleep(TOO_LATE_MS)
        break
      case 'refuse':
        throw new HotlineError('UNAUTHORIZED')
      case 'forbid':
        throw new HotlineError('FORBIDDEN')
      case 'fail':
        this.#plannedFailures++
        throw new PlannedFailure('The database is away.')
    }
    return {
      context: {},
      ...(typeof as === 'string' && as !== '' && { principal: as }),
      ...(does === 'expire' && { expiresAt: this.#world.now() + 500 }),
    }
  }

  /** The same function, with each grant of it written down: also where the server lets in whoever comes. */
  watching(authenticate: (call: AuthenticateCall) => unknown): (call: AuthenticateCall) => Promise<unknown> {
    return async (call) => {
      // It is the server's own default, or ours.
      const given = (await authenticate(call)) as Authenticated<object>
      const visit = this.#visits.get(call.request)
      if (visit !== undefined) {
        visit.principal = given.principal
        const holdsUntil = Number(given.expiresAt ?? Number.POSITIVE_INFINITY)
        this.#grants.set(given.context, { visit, principal: given.principal, holdsUntil })
      }
      return given
    }
  }

  /** Whom a principal had let in loses it. */
  revoke(principal: string): void {
    for (const visit of this.#visits.values()) {
      if (visit.welcomed !== undefined && visit.welcomed.principal === principal) visit.isRevoked = true
    }
    for (const [context, grant] of this.#grants) {
      if (grant.principal === principal) this.#grants.delete(context)
    }
  }

  /** Why no handler may begin with this context; `undefined` where one may. */
  objectionTo(context: unknown): string | undefined {
    const grant = this.#grants.get(context)
    if (grant === undefined) return 'who was not let in, or not any more'
    if (grant.visit.welcomed === undefined) return 'whose greeting was not answered'
    return grant.holdsUntil < this.#world.now() ? 'whose credentials had run out' : undefined
  }

  /** Whether a connection is closed for an `authenticate` that failed because it was asked to. */
  tookFailure(): boolean {
    return --this.#plannedFailures >= 0
  }
}
