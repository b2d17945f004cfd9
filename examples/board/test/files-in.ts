import { openDatabase, type Place } from '../server/store/open-database.ts'

/** Every file that a board has bytes of, finished or not. A folder must not be in use. */
export async function filesIn(place: Place): Promise<readonly { readonly name: string; readonly chunks: number }[]> {
  const database = await openDatabase(place)
  try {
    const { rows } = await database.query<{ name: string; chunks: number }>(
      'select name, count(number)::integer as chunks from files left join chunks using (attempt) group by attempt, name',
    )
    return rows
  } finally {
    await database.close()
  }
}
