import { isReservedName } from './router.ts'

/** How a proxy's method sends its call. */
export type SendCall = (path: string, input: unknown, options: unknown) => unknown

type Node = (input?: unknown, options?: unknown) => unknown

/**
 * An object whose every path is a method: `proxy.todos.add(input)` is `send('todos.add', input)`. It knows no router. It is
 * never thenable, and looking at it, printing or comparing it sends nothing.
 */
export function clientProxy(send: SendCall): object {
  return node('', send)
}

function node(path: string, send: SendCall): Node {
  const children = new Map<string, Node>()
  const call: Node = (input, options) => {
    if (path === '')
      throw new TypeError('A client itself is no procedure: call one of its methods, as in api.todos.list().')
    return send(path, input, options)
  }
  return new Proxy(call, {
    get(target, name) {
      if (typeof name === 'symbol' || isReservedName(name)) return ownAnswer(target, name, path)
      let child = children.get(name)
      if (child === undefined) {
        child = node(path === '' ? name : `${path}.${name}`, send)
        children.set(name, child)
      }
      return child
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  })
}

/** `call`, `apply` and `bind` are those of any function; what would make a promise or JSON of it isn't there. */
function ownAnswer(target: Node, name: string | symbol, path: string): unknown {
  switch (name) {
    case 'then':
    case 'catch':
    case 'finally':
    case 'toJSON':
      return undefined
    case 'toString':
    case 'toLocaleString':
      return () => `[hotline ${path === '' ? 'client' : path}]`
    default:
      return Reflect.get(target, name)
  }
}
