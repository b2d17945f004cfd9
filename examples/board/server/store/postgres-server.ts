import postgres from 'postgres'
import type { Database, Queries, Result } from './database.ts'

/**
 * A database on a Postgres server, which several processes of the board may share. Connections are made when they are
 * needed, and made again when they were lost, the one that listens too.
 */
export function openServer(url: string): Database {
  const sql = postgres(url, {
    // Numbers of events are far below 2^53.
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
    onnotice: () => {},
  })
  async function inTransaction<Value>(work: (queries: Queries) => Promise<Value>): Promise<Value> {
    let value: Value | undefined
    await sql.begin(async (transaction) => {
      value = await work(queriesOn(transaction))
    })
    // It was assigned: else `begin` has thrown.
    return value as Value
  }
  /** Settles with the last transaction that was asked for. */
  let before: Promise<unknown> = Promise.resolve()
  return {
    ...queriesOn(sql),
    // In the order in which they were asked for: on connections of their own two tasks that somebody adds would race for their places.
    transaction: (work) => {
      const after = before.then(() => inTransaction(work))
      before = after.catch(() => {})
      return after
    },
    // After a lost connection it listens anew, and what was announced meanwhile was missed: so it counts as a notice.
    listen: (channel, onNotify) => sql.listen(channel, onNotify, onNotify),
    close: () => before.then(() => sql.end()),
  }
}

function queriesOn(sql: postgres.ISql): Queries {
  return {
    async query<Row>(text: string, parameters: unknown[] = []): Promise<Result<Row>> {
      // What a parameter or a row is, the statement says; the driver's types would want it said again.
      const rows = await sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[])
      return { rows: [...rows] as Row[], affectedRows: rows.count }
    },
    exec: (text) => sql.unsafe(text),
  }
}
