/** Does `act` for each number below `count`, `atOnce` of them at a time, until all are done or `seconds` are over. */
export async function eachOf(
  count: number,
  act: (index: number) => Promise<void>,
  { atOnce = 50, seconds = Number.POSITIVE_INFINITY }: { readonly atOnce?: number; readonly seconds?: number } = {},
): Promise<number> {
  const until = performance.now() + seconds * 1_000
  let next = 0
  const worker = async () => {
    while (next < count && performance.now() < until) await act(next++)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
  return next
}

/** Waits until something is so, at most so long. */
export async function until(isSo: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000
  while (!isSo() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** An address out of a few, for a server that believes `X-Forwarded-For`. */
export function oneOfFew(index: number, addresses = 4): Readonly<Record<string, string>> {
  return { 'x-forwarded-for': `203.0.113.${1 + (index % addresses)}` }
}
