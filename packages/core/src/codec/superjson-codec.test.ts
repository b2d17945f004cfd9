import fc from 'fast-check'
import SuperJSON from 'superjson'
import { describe, expect, it } from 'vitest'
import { EncodeError } from './encode-error.ts'
import { superjsonCodec } from './superjson-codec.ts'

/** What the other end makes of a value, by way of text. */
function across(value: unknown): unknown {
  const { json, meta } = superjsonCodec.encode(value)
  return superjsonCodec.decode(JSON.parse(json), meta === undefined ? undefined : JSON.parse(meta))
}

/** Any name but the few that codecs refuse for what they do to prototypes. */
const name = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key))

const leaf = fc.oneof(
  ...[fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.bigInt()],
  ...[fc.double(), fc.integer(), fc.date({ noInvalidDate: true })],
  fc.webUrl().map((url) => new URL(url)),
)

/** Numbers that superjson gets across in an array: JSON has no text for others. */
const FINITE = { noNaN: true, noDefaultInfinity: true } as const

const typedArray = fc.oneof(
  ...[fc.uint8Array(), fc.uint8ClampedArray(), fc.int16Array(), fc.uint32Array()],
  fc.float32Array(FINITE).map((array) => array.map((value) => value + 0)),
  fc.float64Array(FINITE).map((array) => array.map((value) => value + 0)),
)

/** Values of every type that superjson and we write in the same way. */
const common = nestedIn(leaf)

/** The same with arrays that superjson writes as lists of numbers, and we don't. */
const theirs = nestedIn(fc.oneof(leaf, typedArray))

function nestedIn(inmost: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      inmost,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      fc.array(fc.tuple(inmost, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(inmost, { maxLength: 3 }).map((members) => new Set(members)),
    ),
  })).value
}

describe("the superjson codec's", () => {
  it('plain JSON is what JSON.stringify writes, with nothing beside it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON has no -0: JSON.parse gives one for "-0" all the same.
        const plain: unknown = JSON.parse(JSON.stringify(value))
        fc.pre(!JSON.stringify(value).includes('"__proto__":'))
        expect(superjsonCodec.encode(plain)).toEqual({ json: JSON.stringify(plain), meta: undefined })
      }),
    )
  })

  it('errors come back with name and message, and never with a stack', () => {
    const { json } = superjsonCodec.encode({ failed: new RangeError('out of it') })
    expect(json).not.toContain('superjson-codec.test')
    expect(across(new RangeError('out of it'))).toMatchObject({ name: 'RangeError', message: 'out of it' })
    expect(across(new Error('x', { cause: new Date(0) }))).toMatchObject({ message: 'x', cause: new Date(0) })
  })

  it('format is superjson: its tools can read what is sent', () => {
    expect(superjsonCodec.encode({ at: new Date(0), n: 1n })).toEqual({
      json: '{"at":"1970-01-01T00:00:00.000Z","n":"1"}',
      meta: '{"values":{"at":["Date"],"n":["bigint"]},"v":1}',
    })
  })

  it('format is that of superjson, for every value, with each path cut into its names', () => {
    fc.assert(
      fc.property(common, (value) => {
        const { json, meta } = SuperJSON.serialize(value)
        const ours = superjsonCodec.encode(value)
        expect(ours.json).toBe(JSON.stringify(json))
        expect(ours.meta === undefined ? undefined : withWholePaths(JSON.parse(ours.meta))).toEqual(meta)
      }),
      { numRuns: 1_000 },
    )
  })

  it('values can be read by superjson', () => {
    fc.assert(
      fc.property(common, (value) => {
        const { json, meta } = superjsonCodec.encode(value)
        const read = SuperJSON.deserialize({
          json: JSON.parse(json),
          ...(meta && { meta: JSON.parse(meta) }),
        })
        expect(read).toStrictEqual(value)
      }),
      { numRuns: 1_000 },
    )
  })

  it('reader takes what superjson writes, its lists of numbers too', () => {
    fc.assert(
      fc.property(theirs, (value) => {
        const { json, meta } = JSON.parse(SuperJSON.stringify(value))
        expect(superjsonCodec.decode(json, meta)).toStrictEqual(value)
      }),
      { numRuns: 1_000 },
    )
  })

  it('values are not changed by sending them', () => {
    const value = { at: new Date(0), rows: [{ n: 1n }, { n: undefined }] }
    superjsonCodec.encode(value)
    expect(value).toStrictEqual({ at: new Date(0), rows: [{ n: 1n }, { n: undefined }] })
  })

  it('refusals name the place and the remedy', () => {
    const encode = () => superjsonCodec.encode({ save: () => 1 })
    expect(encode).toThrow(EncodeError)
    expect(encode).toThrow('The value at .save is a function. Send plain data, or one of the types the codec knows.')
  })
})

/** Our trees nest where the values do; superjson joins the names into one path. */
function withWholePaths(meta: { readonly values: unknown; readonly v: number }): object {
  return { ...meta, values: joined(meta.values) }
}

function joined(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.length === 1 ? tree : [tree[0], joined(tree[1])]
  return Object.fromEntries(Object.entries(tree as object).flatMap(([path, inner]) => pathsOf(path, inner)))
}

function pathsOf(path: string, tree: unknown): [string, unknown][] {
  if (Array.isArray(tree)) return [[path, joined(tree)]]
  return Object.entries(tree as object).flatMap(([name, inner]) => pathsOf(`${path}.${name}`, inner))
}
