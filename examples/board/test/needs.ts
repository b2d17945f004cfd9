/**
 * What a suite needs that npm can't install: without it the suite is skipped, under a title that says why. With CI=true
 * that is a failure.
 */
export function needs(title: string, programs: Readonly<Record<string, string | undefined>>) {
  const missing = Object.entries(programs).flatMap(([name, path]) => (path === undefined ? [name] : []))
  if (missing.length === 0) return { title, areMissing: false }
  const reason = `${missing.join(' and ')} not installed`
  if (process.env.CI === 'true') throw new Error(`${title}: ${reason}. With CI=true it may not be skipped.`)
  return { title: `${title} (skipped: ${reason})`, areMissing: true }
}
