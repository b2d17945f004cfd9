// `node .ci/summary.mjs REPORT step=status ...` prints how a run of .ci/run ended, and fails when anything in it did.

import { readFileSync } from 'node:fs'
import { count } from './count.mjs'

const [reportPath = '', ...steps] = process.argv.slice(2)
const outcomes = Object.fromEntries(
  steps.map((step) => {
    const [name = '', status] = step.split('=')
    return [name, Number(status)]
  }),
)
const { passed, failed, skipped } = count(readReport(reportPath), outcomes)

for (const [name, status] of Object.entries(outcomes)) console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 ? 0 : 1

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
