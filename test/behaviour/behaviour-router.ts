import { HotlineError, hotline, type Infer, tracked } from '@hotline/server'
import * as z from 'zod'
import { uploadRoutes } from './upload-routes.ts'

/** What the handlers of one test have seen. */
export class Witness {
  /** Inputs that handlers ran with, in order. */
  readonly runs: unknown[] = []
  /** Codes that handlers' signals aborted with. */
  readonly aborts: string[] = []
  /** Streams whose `finally` has run. */
  disposed = 0
  /** What `lastEventId` was when a stream was opened. */
  readonly openedAfter: (string | undefined)[] = []
  #gate = newGate()

  /** Resolves when the test calls `release`. */
  get released(): Promise<void> {
    return this.#gate.promise
  }

  release(): void {
    this.#gate.open()
    this.#gate = newGate()
  }

  /** Rejects when `signal` aborts, and writes down why. */
  aborted(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const onAbort = () => {
        this.aborts.push(signal.reason instanceof HotlineError ? signal.reason.code : String(signal.reason))
        reject(signal.reason)
      }
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
    })
  }
}

/** Values that are hard on whoever catches them. */
const THROWN = {
  null: null,
  symbol: Symbol('thrown'),
  frozen: Object.freeze(new Error('frozen')),
  cyclic: Object.assign(new Error('cyclic'), { self: {} as object }),
  getter: {
    get message(): string {
      throw new Error('from a getter')
    },
  },
}
THROWN.cyclic.self = THROWN.cyclic

export const THROWN_NAMES = Object.keys(THROWN) as (keyof typeof THROWN)[] // its own keys

/** The router that every adapter serves. */
export function behaviourRouter(witness: Witness) {
  const h = hotline<{ readonly user: string }>()
  return h.router({
    whoAmI: h.query(({ ctx }) => ctx.user),
    echo: h.input(z.unknown()).query(({ input }) => input),
    header: h.input(z.string()).query(({ input, headers }) => headers[input] ?? 'none'),
    double: h.input(z.number()).query(async ({ input }) => {
      for (let turns = (input * 7) % 13; turns > 0; turns--) await null
      return input * 2
    }),
    note: h.input(z.string()).mutation(({ input }) => {
      witness.runs.push(input)
      return witness.runs.length
    }),
    wait: h.input(z.string()).mutation(async ({ input, signal }) => {
      witness.runs.push(input)
      await Promise.race([witness.released, witness.aborted(signal)])
      return `waited for ${input}`
    }),
    waitSafely: h.input(z.string()).query(async ({ input }) => {
      witness.runs.push(input)
      await witness.released
      return `waited for ${input}`
    }),
    refuse: h.errors({ LIST_FULL: z.object({ max: z.number() }) }).mutation(({ errors }) => {
      throw errors.LIST_FULL({ max: 3 })
    }),
    refuseBytes: h
      .input(z.instanceof(Uint8Array))
      .errors({ BAD_BYTES: z.instanceof(Uint8Array) })
      .query(({ input, errors }) => {
        throw errors.BAD_BYTES(input)
      }),
    rejecting: h
      .input(z.unknown())
      .errors({ BAD_PHOTO: z.unknown() })
      .mutation(({ input, errors }): void => {
        throw errors.BAD_PHOTO(input)
      }),
    throwing: h.input(z.enum(THROWN_NAMES)).query(({ input }) => {
      throw THROWN[input]
    }),
    unencodable: h.query((): unknown => ({ like: () => 'a function' })),
    badOutput: h.output(z.object({ n: z.number() })).query(() => ({ n: 'many' }) as never),
    numbers: h.input(z.number()).subscription(async function* ({ input }) {
      for (let n = 1; n <= input; n++) yield n
      return 'done'
    }),
    failing: h.errors({ BROKEN: z.object({ at: z.number() }) }).subscription(async function* ({ errors }) {
      yield 1
      throw errors.BROKEN({ at: 1 })
    }),
    refusing: h.subscription(async (): Promise<AsyncIterable<number>> => {
      throw new HotlineError('FORBIDDEN')
    }),
    events: h.subscription(async function* ({ signal, lastEventId }) {
      witness.openedAfter.push(lastEventId)
      try {
        for (let id = Number(lastEventId ?? 0) + 1; id <= 6; id++) {
          if (id === 4) await Promise.race([witness.released, witness.aborted(signal)])
          yield tracked(String(id), id)
        }
      } finally {
        witness.disposed++
      }
    }),
    uploads: uploadRoutes(h, witness),
    ticks: h.subscription(async function* ({ signal, lastEventId }) {
      witness.openedAfter.push(lastEventId)
      try {
        yield 'tick'
        await Promise.race([witness.released, witness.aborted(signal)])
      } finally {
        witness.disposed++
      }
    }),
  })
}

export interface BehaviourApi extends Infer<ReturnType<typeof behaviourRouter>> {}

function newGate(): { readonly promise: Promise<void>; open(): void } {
  let open = () => {}
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open: () => open() }
}
