import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { hotline } from './hotline.ts'
import { HotlineError } from './hotline-error.ts'
import { Invocation, NOTHING_CARRIED } from './invocation.ts'
import { checkItem, invoke } from './invoke.ts'
import type { AnyProcedure } from './procedure.ts'
import { Endpoint } from './procedure-table.ts'

const h = hotline<{ user: string }>()

function invocation(procedure: AnyProcedure, input?: unknown): Invocation {
  return new Invocation(new Endpoint('a.b', procedure.definition), input, { context: { user: 'ann' } }, NOTHING_CARRIED)
}

/** A schema that gives a promise, and says when it was asked. zod's own ask twice: at once first, then later. */
function later<Value>(schema: z.ZodType<Value>, asked: () => void = () => {}): StandardSchemaV1<Value, Value> {
  const validate = async (value: unknown) => {
    asked()
    return schema['~standard'].validate(value)
  }
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

describe('a procedure', () => {
  it('runs middleware from the outside in, then the input, the handler, the output, and back', async () => {
    const steps: string[] = []
    const note = (step: string) => {
      steps.push(step)
      return true
    }
    const procedure = h
      .use(async ({ next }) => {
        note('outer')
        const result = await next()
        note('outer again')
        return result
      })
      .use(async ({ next }) => {
        note('inner')
        const result = await next()
        note('inner again')
        return result
      })
      .input(z.number().refine(() => note('input')))
      .output(z.number().refine(() => note('output')))
      .query(({ input }) => {
        note('handler')
        return input + 1
      })
    expect(await invoke(invocation(procedure, 1))).toBe(2)
    expect(steps).toEqual(['outer', 'inner', 'input', 'handler', 'output', 'inner again', 'outer again'])
  })

  it('that returns at once is answered without a promise', () => {
    const procedure = h
      .input(z.string().trim())
      .output(z.object({ text: z.string() }))
      .query(({ input, ctx }) => ({ text: input + ctx.user, secret: 1 }))
    expect(invoke(invocation(procedure, ' hi '))).toEqual({ text: 'hiann' })
  })

  it('throws at once what a handler throws at once', () => {
    const thrown = new Error('x')
    const procedure = h.query(() => {
      throw thrown
    })
    expect(() => invoke(invocation(procedure))).toThrow(thrown)
  })

  it('without an input schema gets none, whatever was sent', () => {
    expect(
      invoke(
        invocation(
          h.query(({ input }) => ({ input })),
          'sent',
        ),
      ),
    ).toEqual({ input: undefined })
  })

  it('may have schemas that answer later', async () => {
    const steps: string[] = []
    const procedure = h
      .input(later(z.number(), () => steps.push('input')))
      .output(later(z.number(), () => steps.push('output')))
      .query(async ({ input }) => {
        steps.push('handler')
        return input * 2
      })
    expect(await invoke(invocation(procedure, 4))).toBe(8)
    expect(steps).toEqual(['input', 'handler', 'output'])
  })

  it.each([
    ['at once', z.object({ n: z.number() })],
    ['later', later(z.object({ n: z.number() }))],
  ])('does not run on an input that its schema refuses %s', async (_, schema) => {
    let ran = false
    const call = invocation(
      h.input(schema).query(() => {
        ran = true
      }),
      { n: 'x' },
    )
    const error = await new Promise((resolve) => resolve(invoke(call))).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'BAD_INPUT', data: { issues: [{ path: ['n'] }] } })
    expect([ran, call.hasBegun]).toEqual([false, false])
  })

  it('D15: gives nothing of an output that its schema refuses', () => {
    const procedure = h.output(z.object({ n: z.number() })).query(() => ({ n: 'x' }) as never)
    expect(() => invoke(invocation(procedure))).toThrow('What "a.b" returned does not fit its schema: n: Invalid input')
  })
})

describe('a middleware', () => {
  it('narrows the context for what is inside of it, and leaves the given one alone', async () => {
    const seen: unknown[] = []
    const procedure = h
      .use(async ({ next }) => next({ ctx: { role: 'admin' } }))
      .use(async ({ ctx, next }) => {
        seen.push(ctx)
        return next()
      })
      .query(({ ctx }) => ctx)
    const context = { user: 'ann' }
    const call = new Invocation(new Endpoint('a', procedure.definition), undefined, { context }, NOTHING_CARRIED)
    expect(await invoke(call)).toEqual({ user: 'ann', role: 'admin' })
    expect(seen).toEqual([{ user: 'ann', role: 'admin' }])
    expect(context).toEqual({ user: 'ann' })
  })

  it('that refuses keeps the handler from running', async () => {
    const call = invocation(
      h
        .use(async () => {
          throw new HotlineError('FORBIDDEN')
        })
        .query(() => 1),
    )
    await expect(invoke(call)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(call.hasBegun).toBe(false)
  })

  it('sees the error of what is inside, and may throw another', async () => {
    const procedure = h
      .use(async ({ next }) => {
        try {
          return await next()
        } catch (error) {
          throw new HotlineError('CONFLICT', undefined, { cause: error })
        }
      })
      .query(() => {
        throw new RangeError('inside')
      })
    const error: unknown = await Promise.resolve(invoke(invocation(procedure))).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'CONFLICT', cause: { message: 'inside' } })
  })

  it('that calls next twice is told so, and the handler runs once', async () => {
    let runs = 0
    const procedure = h
      .use(async ({ next }) => {
        await next()
        return next()
      })
      .mutation(() => ++runs)
    await expect(invoke(invocation(procedure))).rejects.toThrow(
      'A middleware of "a.b" called next() twice: call it once.',
    )
    expect(runs).toBe(1)
  })

  it.each([
    ['nothing', undefined],
    ['what looks like it', {}],
  ])('that gives %s instead of what next gave is told so', async (_, given) => {
    const procedure = h
      .use(async ({ next }) => {
        await next()
        return given as never
      })
      .query(() => 1)
    await expect(invoke(invocation(procedure))).rejects.toThrow('A middleware of "a.b" gave something of its own')
  })

  it('that fails while what is inside fails too leaves no rejection behind', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const procedure = h
      .use(async ({ next }) => {
        void next()
        throw new Error('outside')
      })
      .query(async () => {
        throw new Error('inside')
      })
    await expect(invoke(invocation(procedure))).rejects.toThrow('outside')
    // Rejections that nobody handles are told after the microtasks.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

describe('a call that has failed in a middleware', () => {
  it('does not begin any more, since its caller was told that it never has', async () => {
    let [runs, open] = [0, () => {}]
    const slow = new Promise<void>((resolve) => {
      open = resolve
    })
    const procedure = h
      .use(({ next }) => Promise.race([next(), Promise.reject(new HotlineError('TIMEOUT', undefined))]))
      .use(async ({ next }) => {
        await slow
        return next()
      })
      .mutation(() => ++runs)
    const call = invocation(procedure)
    await expect(invoke(call)).rejects.toMatchObject({ code: 'TIMEOUT' })
    open()
    await new Promise((resolve) => setImmediate(resolve))
    expect([runs, call.hasBegun]).toEqual([0, false])
  })
})

describe('what a handler or a schema gives that is no real promise', () => {
  /** As query builders give it: its `then` gives nothing. */
  function builder<Value>(settle: (resolve: (value: Value) => void, reject: (error: Error) => void) => void) {
    // biome-ignore lint/suspicious/noThenProperty: that is what is meant
    return { then: (...given: Parameters<typeof settle>) => void setImmediate(() => settle(...given)) }
  }

  it('is waited for, and checked', async () => {
    const given = (value: unknown) => builder<unknown>((resolve) => resolve(value)) as unknown as Promise<number>
    expect(await invoke(invocation(h.query(() => given(5))))).toBe(5)
    const checked = h.output(z.number()).query(() => given('five'))
    await expect(invoke(invocation(checked))).rejects.toThrow('What "a.b" returned does not fit its schema')
    const validate = () => builder((resolve) => resolve({ issues: [{ message: 'odd' }] })) as never
    const schema: StandardSchemaV1 = { '~standard': { version: 1, vendor: 'test', validate } }
    await expect(invoke(invocation(h.input(schema).query(() => 1)))).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('may fail', async () => {
    const failed = builder<number>((_, reject) => reject(new Error('no table'))) as unknown as Promise<number>
    await expect(invoke(invocation(h.query(() => failed)))).rejects.toThrow('no table')
  })
})

describe('a subscription', () => {
  it('gives its iterable, unread', () => {
    let began = false
    const iterable = invoke(
      invocation(
        h.subscription(async function* () {
          began = true
          yield 1
        }),
      ),
    )
    expect(typeof (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]).toBe('function')
    expect(began).toBe(false)
  })

  it('that returns no iterable fails by its name', async () => {
    const procedure = h.subscription((() => [1, 2]) as never)
    expect(() => invoke(invocation(procedure))).toThrow('The subscription "a.b" returned no async iterable')
  })

  it("has each item checked and stripped by the output's schema", async () => {
    const procedure = h.output(z.object({ n: z.number() })).subscription(async function* () {})
    const call = invocation(procedure)
    expect(checkItem(call, { n: 1, secret: 2 })).toEqual({ n: 1 })
    expect(() => checkItem(call, { n: 'x' })).toThrow('An item of "a.b" does not fit its schema: n: Invalid input')
    const slow = invocation(h.output(later(z.number())).subscription(async function* () {}))
    await expect(checkItem(slow, 'x')).rejects.toThrow('An item of "a.b" does not fit its schema: the value:')
  })
})
