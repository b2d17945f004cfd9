/** At most so many at once: more than a listening socket's queue takes would wait a second for their next SYN. */
const WAVE = 100

/** Does something with each, a wave at a time, and gives what came of it. */
export async function inWaves<Value, Result>(
  values: readonly Value[],
  act: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < values.length; start += WAVE)
    results.push(...(await Promise.all(values.slice(start, start + WAVE).map(act))))
  return results
}
