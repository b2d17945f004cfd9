/** What the board asks of a Postgres. PGlite has these methods as they are. */
export interface Queries {
  query<Row>(sql: string, parameters?: unknown[]): Promise<Result<Row>>
  /** Runs statements without parameters. */
  exec(sql: string): Promise<unknown>
}

export interface Result<Row> {
  readonly rows: Row[]
  readonly affectedRows?: number
}

export type Transaction = Queries

export interface Database extends Queries {
  /** What `work` throws undoes all that it did. */
  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value>
  /** Calls `onNotify` after each transaction that notified `channel`, of whatever process. */
  listen(channel: string, onNotify: () => void): Promise<unknown>
  /** Waits for transactions under way. */
  close(): Promise<void>
}
