/**
 * What a value takes to hold, in bytes, roughly: a node 8, a string its characters, a typed array its bytes. What is
 * there twice counts twice. Gives up above `most`.
 */
export function weigh(value: unknown, most: number): number {
  const rest: unknown[] = [value]
  let weight = 0
  while (rest.length > 0 && weight <= most) {
    const next = rest.pop()
    weight += 8
    if (typeof next === 'string') weight += next.length
    else if (typeof next === 'bigint') weight += next.toString(16).length
    else if (typeof next === 'object' && next !== null) weight += open(next, rest)
  }
  return weight
}

/** Puts what is inside into `rest`; gives what doesn't come apart. */
function open(holder: object, rest: unknown[]): number {
  if (ArrayBuffer.isView(holder)) return holder.byteLength
  if (holder instanceof ArrayBuffer) return holder.byteLength
  if (holder instanceof URL) return holder.href.length
  if (holder instanceof Map) for (const [key, value] of holder) rest.push(key, value)
  else if (holder instanceof Set || Array.isArray(holder)) for (const value of holder) rest.push(value)
  else if (holder instanceof Error) rest.push(holder.name, holder.message, holder.cause)
  else for (const [name, value] of Object.entries(holder)) rest.push(name, value)
  return 0
}
