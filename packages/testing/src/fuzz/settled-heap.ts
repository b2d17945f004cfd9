import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes on the heap that something still holds; `undefined` where the garbage collector can't be called. */
export function settledHeap(): number | undefined {
  collect ??= collector()
  if (collect === undefined) return undefined
  // What finalizers let go of is collected by the next one.
  for (let round = 0; round < 3; round++) collect()
  return process.memoryUsage().heapUsed
}

let collect: (() => void) | undefined

/** Without `--expose-gc` on the command line: a context that is made with the flag has it. */
function collector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc')
  return runInNewContext('globalThis.gc') as (() => void) | undefined
}
