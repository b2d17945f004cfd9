/**
 * As much of an error's data as its schema knows of. Error schemas check and don't transform, so what crosses is the data
 * itself; but an error of a database has more fields than the two that were declared, and those stay here.
 */
export function declaredData(data: unknown, checked: unknown): unknown {
  if (data === checked || !isObject(data) || !isObject(checked)) return data
  if (Array.isArray(data)) {
    return Array.isArray(checked) ? data.map((member, index) => declaredData(member, checked[index])) : data
  }
  if (!isPlain(checked)) return data
  const known = Object.keys(checked).filter((key) => key in data)
  return Object.fromEntries(known.map((key) => [key, declaredData(data[key], checked[key])]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
