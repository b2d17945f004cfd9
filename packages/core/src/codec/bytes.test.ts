import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { Encoded } from './codec.ts'
import { superjsonCodec } from './superjson-codec.ts'

const VIEW = 4 * 1024

/** Decodes with every attachment at an odd place in a larger buffer, as `ws` hands them over. */
function decode({ json, meta, attachments = [] }: Encoded, offset = 3): unknown {
  const slabs = attachments.map((attachment) => {
    if (!(attachment instanceof Uint8Array)) throw new TypeError('Read blobs first.')
    const slab = new Uint8Array(64 * 1024).subarray(offset, offset + attachment.byteLength)
    slab.set(attachment)
    return slab
  })
  return superjsonCodec.decode(JSON.parse(json), meta === undefined ? undefined : JSON.parse(meta), slabs)
}

const values = (tree: unknown) => ({ values: tree, v: 1 })

describe('bytes in a value', () => {
  it('go beside the text, which refers to them by index and type', () => {
    const encoded = superjsonCodec.encode({ a: new Uint8Array([1, 2]), b: [new Float64Array([0.5]).buffer] })
    expect(encoded).toEqual({
      json: '{"a":0,"b":[1]}',
      meta: '{"values":{"a":[["bytes","Uint8Array"]],"b":{"0":[["bytes","ArrayBuffer"]]}},"v":1}',
      attachments: [new Uint8Array([1, 2]), new Uint8Array([0, 0, 0, 0, 0, 0, 0xe0, 0x3f])],
    })
  })

  it('are copied once: what the application does to them afterwards changes nothing', () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
    const { attachments } = superjsonCodec.encode(bytes)
    bytes.fill(9)
    expect(attachments).toEqual([new Uint8Array([2, 3])])
    expect(attachments?.[0]).toHaveProperty('buffer.byteLength', 2)
  })

  it('of a Buffer come back as a Uint8Array', () => {
    expect(decode(superjsonCodec.encode(Buffer.from('hi')))).toStrictEqual(new Uint8Array([104, 105]))
  })

  it('of memory that others write to are copied as they are now', () => {
    expect(decode(superjsonCodec.encode(new Int8Array(new SharedArrayBuffer(2))))).toStrictEqual(new Int8Array(2))
  })

  it.each([
    ['a large Uint8Array', new Uint8Array(VIEW), 3, 'a view'],
    ['a small Uint8Array', new Uint8Array(VIEW - 1), 3, 'a copy'],
    ['a large array of longer numbers', new Float64Array(VIEW / 8), 16, 'a view'],
    ['the same where it lies at an odd place', new Float64Array(VIEW / 8), 3, 'a copy'],
    ['a small array of longer numbers', new Int16Array(8), 16, 'a copy'],
    ['a large DataView', new DataView(new ArrayBuffer(VIEW)), 3, 'a view'],
    ['a small DataView', new DataView(new ArrayBuffer(8)), 3, 'a copy'],
  ])('come back as they were: %s', (_, value, offset, kind) => {
    const came = decode(superjsonCodec.encode(value), offset) as ArrayBufferView
    expect(came).toStrictEqual(value)
    expect(came.buffer.byteLength).toBe(kind === 'a view' ? 64 * 1024 : value.byteLength)
  })

  it('of an ArrayBuffer come back as one of its own', () => {
    const came = decode(superjsonCodec.encode(new Uint8Array(VIEW).fill(7).buffer)) as ArrayBuffer
    expect(came).toStrictEqual(new Uint8Array(VIEW).fill(7).buffer)
  })

  it('stand in the text where nothing may go beside it', () => {
    const value = { a: new Uint8Array([1, 2, 3]), b: new BigUint64Array([1n, 2n ** 63n]), at: new Date(0) }
    const { json, meta, attachments } = superjsonCodec.encodeInline(value)
    expect(attachments).toBeUndefined()
    expect(JSON.parse(json)).toMatchObject({ a: 'AQID', b: 'AQAAAAAAAAAAAAAAAAAAgA==' })
    expect(superjsonCodec.decode(JSON.parse(json), JSON.parse(meta ?? ''))).toStrictEqual(value)
  })

  it.each([
    ['an index that is not there', 1, ['bytes', 'Uint8Array'], 'attachment that is not there'],
    ['an index between two', 0.5, ['bytes', 'Uint8Array'], 'attachment that is not there'],
    ['something else in place of an index', null, ['bytes', 'Uint8Array'], 'attachment that is not there'],
    ['text that is no base64', 'A', ['bytes', 'Uint8Array'], "made of bytes, and isn't one"],
    ['a type that is none', 0, ['bytes', 'SharedArrayBuffer'], "made of bytes, and isn't one"],
    ['a type without a name', 0, ['bytes'], "made of bytes, and isn't one"],
    ['half a number', 0, ['bytes', 'Int16Array'], "made of bytes, and isn't one"],
    ['a blob without its type', { at: 0 }, ['bytes', 'Blob'], "a Blob, and isn't one"],
    ['a file without its name', { at: 0, type: '', lastModified: 0 }, ['bytes', 'File'], "a File, and isn't one"],
    ['a file without its time', { at: 0, type: '', name: '' }, ['bytes', 'File'], "a File, and isn't one"],
  ])('are refused by the reader for %s', (_, json, annotation, message) => {
    const read = () => superjsonCodec.decode(json, values([annotation]), [new Uint8Array(3)])
    expect(read).toThrow(TypeError)
    expect(read).toThrow(message)
  })

  it('are referred to once: a short message must not have a long attachment copied ten thousand times', () => {
    const meta = values({ 0: [['bytes', 'ArrayBuffer']], 1: [['bytes', 'ArrayBuffer']] })
    expect(() => superjsonCodec.decode([0, 0], meta, [new Uint8Array(3)])).toThrow('was referred to before')
  })
})

describe('a blob in a value', () => {
  it('is handed on as it is, with its type beside its index', () => {
    const blob = new Blob(['hi'], { type: 'text/plain' })
    const file = new File(['ho'], 'ho.txt', { type: 'text/html', lastModified: 5 })
    const { json, meta, attachments } = superjsonCodec.encode([blob, file])
    expect(JSON.parse(json)).toEqual([
      { at: 0, type: 'text/plain' },
      { at: 1, type: 'text/html', name: 'ho.txt', lastModified: 5 },
    ])
    expect(JSON.parse(meta ?? '')).toEqual(values({ 0: [['bytes', 'Blob']], 1: [['bytes', 'File']] }))
    expect(attachments).toHaveLength(2)
    expect(attachments?.[0]).toBe(blob)
    expect(attachments?.[1]).toBe(file)
  })

  it('is made again from its bytes', async () => {
    const [blob, file] = superjsonCodec.decode(
      [
        { at: 0, type: 'text/plain' },
        { at: 'aG8=', type: 'text/html', name: 'ho.txt', lastModified: 5 },
      ],
      values({ 0: [['bytes', 'Blob']], 1: [['bytes', 'File']] }),
      [new Uint8Array([104, 105])],
    ) as [Blob, File]
    expect(blob).toBeInstanceOf(Blob)
    expect([blob.type, await blob.text()]).toEqual(['text/plain', 'hi'])
    expect(file).toBeInstanceOf(File)
    expect([file.type, file.name, file.lastModified, await file.text()]).toEqual(['text/html', 'ho.txt', 5, 'ho'])
  })

  it('is refused where nothing may go beside the text', () => {
    expect(() => superjsonCodec.encodeInline({ a: [new Blob([])] })).toThrow(
      'The value at .a[0] is a Blob, and only bytes can be kept as text: read it into a Uint8Array',
    )
  })

  it.each(['Blob', 'File'])('is refused by name where there is no %s', (kind) => {
    const original = Object.getOwnPropertyDescriptor(globalThis, kind) ?? {}
    Object.defineProperty(globalThis, kind, { configurable: true, value: undefined })
    try {
      const json = { at: '', type: '', name: '', lastModified: 0 }
      expect(() => superjsonCodec.decode(json, values([['bytes', kind]]))).toThrow(
        `A value is a ${kind}, and there are none in this environment.`,
      )
      expect(superjsonCodec.encode({ url: new URL('https://a.example') }).attachments).toBeUndefined()
      expect(() => superjsonCodec.encode(new WeakMap())).toThrow('is a WeakMap')
    } finally {
      Object.defineProperty(globalThis, kind, original)
    }
  })
})
