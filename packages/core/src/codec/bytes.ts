/** How a view on bytes is made. A `DataView` has no elements, and counts in bytes. */
interface ViewType {
  readonly name: string
  readonly prototype: ArrayBufferView
  readonly BYTES_PER_ELEMENT?: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView
}

const NUMBER_ARRAYS = [
  ...[Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array],
]

const VIEW_TYPES: readonly ViewType[] = [...NUMBER_ARRAYS, BigInt64Array, BigUint64Array, DataView]

const NAMES = new Map<unknown, string>([...VIEW_TYPES, ArrayBuffer].map(({ prototype, name }) => [prototype, name]))

const BY_NAME = new Map<unknown, ViewType>(VIEW_TYPES.map((type) => [type.name, type]))

/** A view on fewer bytes would keep the much larger buffer that they came in. */
const MIN_VIEW_BYTES = 4 * 1024

/** What annotations call a value that is bytes; `undefined` for any other. Node's `Buffer` is its `Uint8Array`. */
export function bytesName(value: object): string | undefined {
  const name = NAMES.get(Object.getPrototypeOf(value))
  if (name !== undefined || !(value instanceof Uint8Array)) return name
  return value.constructor.name === 'Buffer' ? 'Uint8Array' : undefined
}

/**
 * Nobody else's copy of a value that `bytesName` knows: what is sent again must be what was said, whatever became of the
 * original.
 * @throws TypeError where its buffer was transferred.
 */
export function copyBytes(value: object): Uint8Array {
  // The two sorts of values that have a name.
  const source = value as ArrayBufferView | ArrayBuffer
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source).slice()
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
}

/**
 * The value of this name that holds the bytes: as a view on them where they are many and lie where it needs them, else as
 * a copy. `undefined` for another name, and for bytes that fill no whole number of elements.
 */
export function fromBytes(name: unknown, bytes: Uint8Array): object | undefined {
  if (name === 'ArrayBuffer') return new Uint8Array(bytes).buffer
  const type = BY_NAME.get(name)
  const size = type?.BYTES_PER_ELEMENT ?? 1
  if (type === undefined || bytes.byteLength % size !== 0) return undefined
  const { buffer, byteOffset, byteLength } = mayStay(bytes, size) ? bytes : new Uint8Array(bytes)
  return new type(buffer, byteOffset, byteLength / size)
}

/** The array of this name that holds the numbers; `undefined` for a name that superjson doesn't write. */
export function fromNumbers(name: unknown, numbers: readonly number[]): object | undefined {
  return NUMBER_ARRAYS.find((type) => type.name === name)?.from(numbers)
}

function mayStay({ buffer, byteOffset, byteLength }: Uint8Array, size: number): boolean {
  return byteOffset % size === 0 && (byteLength >= MIN_VIEW_BYTES || byteLength === buffer.byteLength)
}
