import * as z from 'zod'

/** What every call and event carries. */
export interface Item {
  readonly n: number
  readonly text: string
}

/** For the contenders that validate: those of the same schema library do the same work. */
export const ITEM_SCHEMA = z.object({ n: z.number(), text: z.string() })

const TEXT = 'a line as people write it'

export function item(n: number): Item {
  return { n, text: TEXT }
}

/** The source of a stream, the same for every contender. */
export async function* items(count: number): AsyncGenerator<Item, void> {
  for (let n = 0; n < count; n++) yield item(n)
}

/** A contender that answers amiss has no figures. */
export function checkItem(got: Item, n: number): void {
  if (got.n !== n || got.text !== TEXT) throw new Error(`Expected item ${n}, got ${JSON.stringify(got)}.`)
}
