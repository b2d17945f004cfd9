import type { Change } from '../server/store/events.ts'
import { openDatabase, type Place } from '../server/store/open-database.ts'

/** Every change that a board has recorded, the oldest first. A folder must not be in use. */
export async function changesIn(place: Place): Promise<readonly Change[]> {
  const database = await openDatabase(place)
  try {
    const { rows } = await database.query<{ change: Change }>('select change from events order by id')
    return rows.map(({ change }) => change)
  } finally {
    await database.close()
  }
}
