import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { hotline } from './hotline.ts'
import { ProcedureTable } from './procedure-table.ts'

const h = hotline<object>()
const one = h.query(() => 1)

describe('a procedure table', () => {
  it('finds procedures by their whole path, at once', () => {
    const table = new ProcedureTable({ ping: one, todos: { add: one, deep: { er: one } } })
    expect([...table.endpoints.keys()]).toEqual(['ping', 'todos.add', 'todos.deep.er'])
    expect(table.find('todos.deep.er')).toMatchObject({ path: 'todos.deep.er', definition: one.definition })
  })

  it.each([
    ...['', '.', 'ping.', '.ping', 'todos', 'todos..add', 'todos.add.call', 'Ping', 'ping ', 'рing'],
    ...['__proto__', '__proto__.x', 'constructor', 'toString', 'hasOwnProperty', 'then', 'todos.__proto__'],
    'a.'.repeat(10_000),
  ])('X17: finds nothing at %j', async (path) => {
    const table = new ProcedureTable({ ping: one, todos: { add: one }, admin: h.lazy(async () => ({ ban: one })) })
    expect(await table.find(path)).toBeUndefined()
  })

  it('makes the error makers of an endpoint once', () => {
    const table = new ProcedureTable({ add: h.errors({ FULL: z.number() }).mutation(() => {}) })
    const endpoint = table.find('add')
    if (endpoint === undefined || endpoint instanceof Promise) throw new Error('it is there')
    expect(Object.keys(endpoint.errors)).toEqual(['FULL'])
    expect(endpoint.errors).toBe(endpoint.errors)
  })

  it('refuses a router that cannot be served', () => {
    expect(() => new ProcedureTable({ bind: one })).toThrow('"bind" has the reserved name')
  })
})

describe('a part that is loaded later', () => {
  it('is loaded at its first call, once for calls at the same time, and is found at once from then on', async () => {
    let loads = 0
    const load = async () => {
      loads++
      return { ban: one, users: { list: one } }
    }
    const table = new ProcedureTable({ admin: h.lazy(load) })
    expect(table.lazyPaths).toEqual(['admin'])
    const found = await Promise.all([table.find('admin.ban'), table.find('admin.users.list'), table.find('admin.gone')])
    expect(found.map((endpoint) => endpoint?.path)).toEqual(['admin.ban', 'admin.users.list', undefined])
    expect(loads).toBe(1)
    expect(table.find('admin.ban')).toMatchObject({ path: 'admin.ban' })
    expect(table.lazyPaths).toEqual([])
  })

  it('is not loaded by the path of the part itself, or of a neighbour', () => {
    const table = new ProcedureTable({
      admin: h.lazy(async () => {
        throw new Error('nobody asked')
      }),
    })
    expect([table.find('admin'), table.find('administer.ban')]).toEqual([undefined, undefined])
  })

  it('may have parts of its own that are loaded later', async () => {
    const inner = h.lazy(async () => ({ ban: one }))
    const table = new ProcedureTable({ a: { b: h.lazy(async () => ({ c: inner })) } })
    expect(await table.find('a.b.c.ban')).toMatchObject({ path: 'a.b.c.ban' })
  })

  it('that fails to load is tried again at the next call', async () => {
    let loads = 0
    const load = async () => {
      if (++loads === 1) throw new Error('no disk')
      return { ban: one }
    }
    const table = new ProcedureTable({ admin: h.lazy(load) })
    await expect(table.find('admin.ban')).rejects.toThrow('no disk')
    expect(await table.find('admin.ban')).toMatchObject({ path: 'admin.ban' })
  })

  it('that cannot be served says so by its path', async () => {
    const table = new ProcedureTable({ admin: h.lazy(async () => ({ bind: one }) as object) })
    await expect(table.find('admin.x')).rejects.toThrow('"admin.bind" has the reserved name')
  })
})

describe('a live query', () => {
  it('answers under its path, and below that as a stream', () => {
    const { endpoints } = new ProcedureTable({ todos: { list: h.live({ on: () => [], query: () => 1 }) } })
    const kinds = [...endpoints].map(([path, endpoint]) => [path, endpoint.path, endpoint.definition.kind])
    expect(kinds).toEqual([
      ['todos.list', 'todos.list', 'query'],
      ['todos.list.live', 'todos.list.live', 'subscription'],
    ])
  })

  it('has room for the name of its stream in the length of its path', () => {
    const router = (length: number) => ({ ['x'.repeat(length)]: h.live({ on: () => [], query: () => 1 }) })
    expect(() => new ProcedureTable(router(251))).not.toThrow()
    expect(() => new ProcedureTable(router(252))).toThrow('has 257 bytes, a path at most 256')
  })
})
