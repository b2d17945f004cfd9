import { type } from 'arktype'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Empty } from './declared.ts'
import type { Next } from './handler-call.ts'
import { hotline } from './hotline.ts'

const h = hotline<object>()

/** The builder as someone without a type checker meets it. */
const untyped = h as unknown as Record<string, (given?: unknown) => Record<string, (given?: unknown) => unknown>>

/** A middleware that does nothing, another one each time. */
function pass() {
  return ({ next }: { next(): Promise<Next<Empty>> }) => next()
}

describe('a builder', () => {
  it('puts all it was told into the definition', () => {
    const [input, output, items, FULL] = [z.string(), z.number(), z.boolean(), z.undefined()]
    const middleware = pass()
    const handler = () => 1
    const { definition } = h
      .input(input)
      .output(output)
      .items(items)
      .errors({ FULL })
      .meta('m')
      .idempotent()
      .use(middleware)
      .mutation(handler)
    expect(definition).toEqual({
      kind: 'mutation',
      input,
      output,
      items,
      errors: { FULL },
      meta: 'm',
      idempotent: true,
      middleware: [middleware],
      handler,
    })
  })

  it('declares nothing that it was not told', () => {
    const handler = () => 1
    expect(h.query(handler).definition).toEqual({
      kind: 'query',
      input: undefined,
      output: undefined,
      items: undefined,
      errors: {},
      meta: undefined,
      idempotent: false,
      middleware: [],
      handler,
    })
  })

  it('is immutable: what is said to one is not heard by another made from the same', () => {
    const base = h.errors({ A: z.string() })
    base.errors({ B: z.string() }).meta('m')
    const { definition } = base.query(() => 1)
    expect(Object.keys(definition.errors)).toEqual(['A'])
    expect(definition.meta).toBeUndefined()
    expect(() => Object.assign(definition, { kind: 'mutation' })).toThrow(TypeError)
  })

  it('keeps the order of middleware, outermost first', () => {
    const outer = pass()
    const inner = pass()
    const { middleware } = h
      .use(outer)
      .use(inner)
      .query(() => 1).definition
    expect(middleware[0]).toBe(outer)
    expect(middleware[1]).toBe(inner)
  })

  it('works with its words taken apart', () => {
    const { input } = h
    expect(input(z.string()).query(() => 1).definition.input).toBeDefined()
  })

  it('takes schemas that are functions', () => {
    const schema = type({ a: 'string' })
    expect(h.input(schema).query(() => 1).definition.input).toBe(schema)
  })
})

describe('a builder refuses', () => {
  it.each(['input', 'output', 'items'])('what is no schema in .%s', (word) => {
    const message = (given: string) =>
      `.${word} was given ${given} that is not a schema: use zod or another Standard Schema.`
    expect(() => untyped[word]?.({ title: 'string' })).toThrow(message('an object'))
    expect(() => untyped[word]?.({ '~standard': {} })).toThrow(message('an object'))
    expect(() => untyped[word]?.('string')).toThrow(message('a string'))
    expect(() => untyped[word]?.()).toThrow(message('undefined'))
  })

  it.each(['use', 'query', 'mutation', 'subscription', 'lazy'])('what is no function in .%s', (word) => {
    expect(() => untyped[word]?.({})).toThrow(`.${word} was given an object: give it a function.`)
  })

  it('what is no table of errors', () => {
    expect(() => untyped.errors?.('FULL')).toThrow('.errors was given a string: give it an object of codes')
    expect(() => untyped.errors?.(['FULL'])).toThrow('.errors was given an array: give it an object of codes')
    expect(() => untyped.errors?.({ FULL: 1 })).toThrow('.errors.FULL was given a number that is not a schema')
  })

  it.each(['listFull', 'LIST-FULL', '_FULL', 'FULL_', '1FULL', ''])(
    'the code "%s", which is not upper case',
    (code) => {
      expect(() => untyped.errors?.({ [code]: z.string() })).toThrow(
        `.errors has the code "${code}": write codes in upper`,
      )
    },
  )

  it("a code of Hotline's own", () => {
    expect(() => untyped.errors?.({ NOT_FOUND: z.string() })).toThrow(
      '.errors has the code "NOT_FOUND", which is Hotline\'s own: choose another name.',
    )
  })

  it('a code declared twice', () => {
    expect(() => h.errors({ FULL: z.string() }).errors({ FULL: z.number() })).toThrow(
      '.errors has the code "FULL", which was declared before: declare it once.',
    )
  })

  it('items on a query, and names the kinds that take them', () => {
    expect(() => h.items(z.string()).query(() => 1)).toThrow(
      'A query takes no items: end it with .mutation for an upload, or .subscription for both ways.',
    )
  })
})
