/** As much of a Standard Schema as says what it takes and gives. */
interface Schema<Value> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Value; readonly output: Value }
    validate(value: unknown): Checked<Value>
  }
}

type Checked<Value> = { readonly value: Value } | { readonly issues: readonly { readonly message: string }[] }

/** What each procedure takes, and all it takes. */
export interface Task {
  /** How much of whatever the procedure does. */
  readonly n: number
  readonly name?: string | undefined
}

export const TASK: Schema<Task> = { '~standard': { version: 1, vendor: 'hotline', validate } }

/** What callers stream in: anything but booleans. */
export const ITEM: Schema<unknown> = {
  '~standard': {
    version: 1,
    vendor: 'hotline',
    validate: (value) => (isItem(value) ? { value } : refused('the item')),
  },
}

/** Whether `ITEM` takes it. */
export function isItem(value: unknown): boolean {
  return typeof value !== 'boolean'
}

/** Whether `TASK` takes it, said again in other words: for whoever checks that nothing else comes through. */
export function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return (
    entries.every(([name, entry]) => {
      if (name === 'n') return Number.isInteger(entry) && entry >= 0 && entry <= 10_000
      return name === 'name' && (entry === undefined || typeof entry === 'string')
    }) && Object.hasOwn(value, 'n')
  )
}

function validate(value: unknown): Checked<Task> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('the input')
  const { n, name, ...rest } = value as Readonly<Record<string, unknown>>
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > 10_000) return refused('n')
  if (name !== undefined && typeof name !== 'string') return refused('name')
  // It has just been looked at.
  return Object.keys(rest).length > 0 ? refused('the rest') : { value: value as Task }
}

function refused(what: string): { readonly issues: readonly { readonly message: string }[] } {
  return { issues: [{ message: `${what} is not what it should be.` }] }
}
