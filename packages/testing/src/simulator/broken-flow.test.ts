import { Inflow, ItemReader, Outbox, Outflow, Session, textOf, Upload } from '@hotline/core/internal'
import { afterEach, describe, expect, test } from 'vitest'
import { runSeeds } from './run-seeds.ts'

/** A rule of flow control that is broken in the machines, and what a run then says. */
interface Fault {
  readonly breaks: string
  by(): void
  readonly caught: RegExp
  /** Where to begin to look, if not at seed 1: a rare one is not searched for each time. */
  readonly from?: number
}

/** Makes a method of every instance another one, which gets the true one. */
function replace<Machine extends object, Name extends keyof Machine>(
  machine: { readonly prototype: Machine },
  name: Name,
  make: (original: Machine[Name]) => Machine[Name],
): void {
  const original = machine.prototype[name]
  machine.prototype[name] = make(original)
  undo.push(() => {
    machine.prototype[name] = original
  })
}

/** Makes what small messages go out as something else. */
function controlling(change: (outbox: Outbox, message: string) => readonly string[]): void {
  replace(
    Outbox,
    'pushControl',
    (push) =>
      function (this: Outbox, message) {
        for (const changed of change(this, textOf(message))) push.call(this, changed)
      },
  )
}

const undo: (() => void)[] = []
afterEach(() => {
  for (const restore of undo.splice(0).reverse()) restore()
})

const CREDIT = /^\["credit",/

const FAULTS: readonly Fault[] = [
  {
    breaks: 'credit is lost over a resume',
    by: () => {
      const resumed = new WeakSet<Outbox>()
      replace(
        Session,
        'detach',
        (detach) =>
          function (this: Session) {
            detach.call(this)
            resumed.add(this.outbox)
          },
      )
      controlling((outbox, message) => (resumed.has(outbox) && CREDIT.test(message) ? [] : [message]))
    },
    caught: /^recovery: flow \d+ .* got stuck/,
  },
  {
    breaks: 'credit is given twice',
    by: () => controlling((_outbox, message) => (CREDIT.test(message) ? [message, message] : [message])),
    caught: /"credit" for call \d+ (lets \d+ be out|makes \d+ in all)/,
  },
  {
    breaks: 'credit is never given back',
    by: () => replace(Inflow, 'read', () => () => 0),
    caught: /^recovery: flow \d+ .* got stuck/,
  },
  {
    breaks: 'a stream that is opened again gets no credit for what was read meanwhile',
    from: 1_161,
    by: () =>
      replace(
        Inflow,
        'resume',
        (resume) =>
          function (this: Inflow) {
            resume.call(this)
            return 0
          },
      ),
    caught: /^recovery: flow \d+ .* got stuck/,
  },
  {
    breaks: 'a source is pulled without credit',
    by: () => replace(Outflow, 'sent', () => () => {}),
    caught: /"item" for call \d+ came without credit/,
  },
  {
    breaks: 'an item of an upload is handed over twice',
    by: () =>
      replace(
        ItemReader,
        'push',
        (push) =>
          function (this: ItemReader, item, size) {
            push.call(this, item, size)
            push.call(this, item, 0)
          },
      ),
    caught: /^upload: flow \d+ .* handed the items 1,1/,
  },
  {
    breaks: 'an upload that has begun goes to another session',
    from: 401,
    by: () => {
      const own = Object.getOwnPropertyDescriptor(Upload.prototype, 'hasBegun')
      Object.defineProperty(Upload.prototype, 'hasBegun', { configurable: true, get: () => false })
      undo.push(() => own !== undefined && Object.defineProperty(Upload.prototype, 'hasBegun', own))
    },
    caught: /^(runsOnce|upload|recovery|source): flow \d+/,
  },
  {
    breaks: 'the end of the items is lost',
    by: () =>
      replace(
        Outbox,
        'pushStream',
        (push) =>
          function (this: Outbox, lane, message) {
            if (!textOf(message).startsWith('["end"')) push.call(this, lane, message)
          },
      ),
    caught: /^recovery: flow \d+ .* got stuck/,
  },
  {
    breaks: 'credit is given for items that nobody wants any more',
    by: () => replace(Inflow, 'end', () => () => {}),
    caught: /"credit" for call \d+ came after its (reader had left|last word)/,
  },
]

describe('the simulator catches it when', () => {
  test.each(FAULTS)('$breaks', { timeout: 60_000 }, async ({ by, caught, from = 1 }) => {
    by()
    expect(await firstSeed(from, caught)).toBeDefined()
  })
})

/** The first seed whose run says so; it is printed, to be looked at. */
async function firstSeed(first: number, caught: RegExp): Promise<number | undefined> {
  for (let from = first; from < first + 1_600; from += 40) {
    const { failures } = await runSeeds({ from, count: 40 })
    const found = failures.find(({ violations }) => violations.some((violation) => caught.test(violation)))
    if (found === undefined) continue
    console.info(`seed ${found.seed}: ${found.violations.find((violation) => caught.test(violation))}`)
    return found.seed
  }
  return undefined
}
