/** A row as a list has them. */
export interface Row {
  readonly id: number
  readonly title: string
  readonly done: boolean
  readonly owner: string
  /** When it was made, as ISO 8601 text. */
  readonly createdAt: string
}

/** The same row with a real date. */
export interface DatedRow extends Omit<Row, 'createdAt'> {
  readonly createdAt: Date
}

/** With them a message has 64 KiB of JSON. */
const COUNT = 512

export const DATED_ROWS: readonly DatedRow[] = Array.from({ length: COUNT }, (_, index) => ({
  id: index + 1,
  title: `Buy thing number ${index} at the shop`,
  done: index % 3 === 0,
  owner: `user-${index % 50}`,
  // A day and some more apart.
  createdAt: new Date(1_700_000_000_000 + index * 86_461_123),
}))

export const ROWS: readonly Row[] = DATED_ROWS.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))

/** As `checkItem`: every row of an answer is looked at. */
export function checkRows(got: readonly Row[]): void {
  const isRight = ({ createdAt }: Row, index: number) => createdAt === ROWS[index]?.createdAt
  if (!areRows(got, isRight)) throw new Error(`Expected ${COUNT} rows, got ${JSON.stringify(got).slice(0, 200)}.`)
}

export function checkDatedRows(got: readonly DatedRow[]): void {
  const isRight = ({ createdAt }: DatedRow, index: number) =>
    createdAt instanceof Date && createdAt.getTime() === DATED_ROWS[index]?.createdAt.getTime()
  if (!areRows(got, isRight)) throw new Error(`Expected ${COUNT} dated rows, got ${JSON.stringify(got).slice(0, 200)}.`)
}

function areRows<AnyRow extends Row | DatedRow>(
  got: readonly AnyRow[],
  isDateRight: (row: AnyRow, index: number) => boolean,
): boolean {
  return got.length === COUNT && got.every((row, index) => isRow(row, ROWS[index]) && isDateRight(row, index))
}

function isRow(got: Row | DatedRow, sent: Row | undefined): boolean {
  return got.id === sent?.id && got.title === sent.title && got.done === sent.done && got.owner === sent.owner
}
