/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileReport
 * @typedef {{ testResults: FileReport[] }} Report what vitest's JSON reporter writes
 */

/**
 * Counts a run: each test is one, and so is each check. The step `test` counts by itself only when it failed and no
 * test says why, as when vitest crashed, a rejection went unhandled or no test was found.
 *
 * @param {Report | undefined} report undefined when there is none
 * @param {Record<string, number>} outcomes exit status by the step's name, `test` among them
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function count(report, outcomes) {
  const { test = 1, ...checks } = outcomes
  const tests = (report?.testResults ?? []).flatMap(statusesOf)
  if (!tests.includes('failed') && (test !== 0 || tests.length === 0)) tests.push('failed')
  const all = [...tests, ...Object.values(checks).map((status) => (status === 0 ? 'passed' : 'failed'))]
  const passed = all.filter((status) => status === 'passed').length
  const failed = all.filter((status) => status === 'failed').length
  return { passed, failed, skipped: all.length - passed - failed }
}

/** @param {FileReport} file which may have failed with no test of it failing, as when it can't be loaded */
function statusesOf(file) {
  const statuses = file.assertionResults.map(({ status }) => status)
  return file.status === 'failed' && !statuses.includes('failed') ? [...statuses, 'failed'] : statuses
}
