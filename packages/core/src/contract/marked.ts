/**
 * Gives `type` a mark on its prototype, by which its instances are known in another copy of this package too; data that came
 * over the wire can't have a symbol. What is exported of it is made by a call that says it is pure, unlike a static block,
 * so that bundlers leave the class out where nobody needs it.
 */
export function marked<Type extends abstract new (...args: never) => object>(mark: symbol, type: Type): Type {
  Object.defineProperty(type.prototype, mark, { value: true })
  return type
}
