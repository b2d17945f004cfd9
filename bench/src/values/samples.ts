/** A value to send, the nearest to it that JSON has, and what has to be true of it on the other side. */
export interface Sample {
  readonly title: string
  /** How often a round sends it. */
  readonly times: number
  readonly value: unknown
  readonly plain: unknown
  isRight(received: unknown): boolean
}

interface Row {
  readonly id: number
  readonly title: string
  readonly done: boolean
  readonly createdAt: Date
  readonly owner: string
}

const ROWS: readonly Row[] = Array.from({ length: 2_000 }, (_, index) => ({
  id: index + 1,
  title: `Buy thing number ${index} at the shop`,
  done: index % 3 === 0,
  // A day and some more apart.
  createdAt: new Date(1_700_000_000_000 + index * 86_461_123),
  owner: `user-${index % 50}`,
}))

const PLAIN_ROWS = ROWS.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
const FEW_ROWS = PLAIN_ROWS.slice(0, 100)

const FIELDS = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`field${index}`, [index, `text ${index}`, index % 2 === 0][index % 3]]),
)

export const SAMPLES: readonly Sample[] = [
  {
    title: '2,000 rows with a Date each, against JSON of the same',
    times: 10,
    value: ROWS,
    plain: ROWS,
    isRight: (received) => areRows(received, ROWS.length),
  },
  {
    title: '2,000 rows with a Date each, against rows with ISO strings',
    times: 10,
    value: ROWS,
    plain: PLAIN_ROWS,
    isRight: (received) => areRows(received, ROWS.length),
  },
  {
    title: '100 rows of plain JSON',
    times: 200,
    value: FEW_ROWS,
    plain: FEW_ROWS,
    isRight: (received) => areRows(received, FEW_ROWS.length),
  },
  {
    title: 'an object of 30 plain fields',
    times: 4_000,
    value: FIELDS,
    plain: FIELDS,
    isRight: (received) => (received as typeof FIELDS).field28 === FIELDS.field28,
  },
]

/** Looks at some of them: looking at all would be measured, too. */
function areRows(received: unknown, count: number): boolean {
  const rows = received as readonly Row[]
  if (rows.length !== count) return false
  return [0, count >> 1, count - 1].every((index) => {
    const [got, sent] = [rows[index], ROWS[index]]
    return got?.title === sent?.title && new Date(got?.createdAt ?? 0).getTime() === sent?.createdAt.getTime()
  })
}
