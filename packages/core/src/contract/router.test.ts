import { describe, expect, it } from 'vitest'
import { hotline } from './hotline.ts'
import { checkRoutes, RESERVED_NAMES } from './router.ts'

const h = hotline<object>()
const one = h.query(() => 1)

describe('a router', () => {
  it('is the routes it was given', () => {
    const routes = { ping: one, deep: { er: { pong: one } }, later: h.lazy(async () => ({ ping: one })) }
    expect(h.router(routes)).toBe(routes)
  })

  it('may have routes that are called like the parts of a procedure', () => {
    checkRoutes({ definition: { handler: one, kind: one }, lazy: { load: one } })
    expect(() => checkRoutes({ definition: { handler: { bind: one } } })).toThrow('"definition.handler.bind"')
    expect(() => checkRoutes({ lazy: true, load: one })).toThrow('"lazy" is of type boolean')
  })

  it("may have a module's namespace as a group", () => {
    checkRoutes({ todos: Object.assign(Object.create(null), { add: one }) })
  })

  it('takes a path of 256 bytes and no longer one', () => {
    checkRoutes({ deep: { ['x'.repeat(251)]: one } })
    expect(() => checkRoutes({ deep: { ['x'.repeat(252)]: one } })).toThrow('has 257 bytes, a path at most 256')
    expect(() => checkRoutes({ ['ü'.repeat(129)]: one })).toThrow('has 258 bytes, a path at most 256')
  })

  it('counts the path from the place where a part was loaded', () => {
    expect(() => checkRoutes({ bind: one }, 'admin')).toThrow('"admin.bind" has the reserved name "bind"')
    expect(() => checkRoutes({ x: one }, 'x'.repeat(255))).toThrow('has 257 bytes')
  })
})

describe('a router refuses, by its full path,', () => {
  it.each(RESERVED_NAMES)('the reserved name "%s" at any depth', (name) => {
    const routes = Object.defineProperty({}, name, { value: one, enumerable: true })
    expect(() => checkRoutes({ deep: routes })).toThrow(
      `"deep.${name}" has the reserved name "${name}", which a client answers itself: choose another.`,
    )
  })

  it('a name with a dot, which would stand for another path', () => {
    expect(() => checkRoutes({ todos: { 'list.all': one } })).toThrow(
      '"todos.list.all" has a dot in the name "list.all": dots part the names of a path, so nest instead.',
    )
  })

  it('an empty name', () => {
    expect(() => checkRoutes({ todos: { '': one } })).toThrow('"todos." ends in an empty name')
  })

  it.each([
    ['a number', 1, 'of type number'],
    ['a bare function', () => 1, 'of type function'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an array', [one], 'an array'],
    ['an instance of a class', new Map(), 'an instance of Map'],
  ])('%s', (_, route, described) => {
    expect(() => checkRoutes({ todos: { add: route } })).toThrow(
      `"todos.add" is ${described}: give a procedure, h.lazy(...) or a plain object of these.`,
    )
    expect(() => checkRoutes(route)).toThrow(`A router is ${described}: give a plain object of procedures.`)
  })

  it('a builder without its last word', () => {
    expect(() => checkRoutes({ todos: { add: h.idempotent() } })).toThrow(
      '"todos.add" is a builder: end it with .query, .mutation, .subscription or .live.',
    )
  })

  it('a procedure instead of routes', () => {
    expect(() => checkRoutes(one)).toThrow('A router is a procedure: give the plain object that it stands in.')
    expect(() => checkRoutes(one, 'admin')).toThrow('"admin" is a procedure: give')
  })

  it('routes that contain themselves', () => {
    const routes: Record<string, unknown> = { ping: one }
    routes.again = routes
    expect(() => checkRoutes(routes)).toThrow('a path at most 256')
  })
})
