// `npm run attack` makes each attack on a server with its defaults, and ends with 1 where a bound breaks.
// `--only=rapid-reset` makes one; `--quick` makes small ones and judges no times, for machines that have other work.
// `--off` takes the defences away instead, where a limit does that, and shows what the attack then does.

import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { ATTACKS } from './attacks.ts'
import { heading, report } from './driver/report.ts'
import { type Run, runAttack } from './driver/run-attack.ts'
import { brokenBounds } from './driver/verdict.ts'

/** Files that a process has open at once, at most: each socket is one. */
const FILES = 6_000

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    off: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const chosen = ATTACKS.filter(({ name }) => values.only === undefined || name === values.only)
if (chosen.length === 0) {
  console.error(`--only is "${values.only}": give one of ${ATTACKS.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
if (!values.quick) checkFiles()

const FULL: Run = { scale: 1, patience: 1, isOff: values.off, limits: {}, quietMs: 3_000, restMs: 1_000 }

/** Nobody waits for the true deadlines then. */
const QUICK: Run = {
  ...FULL,
  scale: 0.05,
  patience: 0.15,
  limits: { helloTimeoutMs: 1_500, headersTimeoutMs: 1_500, messageTimeoutMs: 1_500, authenticateTimeoutMs: 3_000 },
  quietMs: 400,
  restMs: 400,
}

if (!values.json) console.log(heading())
for (const attack of chosen) {
  if (values.off && attack.defences.length === 0) continue
  const outcome = await runAttack(attack, values.quick ? QUICK : FULL)
  const broken = brokenBounds(attack, outcome, !values.quick)
  console.log(values.json ? JSON.stringify({ name: attack.name, ...outcome, broken }) : report(attack, outcome, broken))
  if (broken.length > 0 && !values.off) process.exitCode = 1
}

/** Node raises its own limit as far as it may. */
function checkFiles(): void {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })
  const most = stdout?.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout)
  if (!(most < FILES)) return
  console.error(
    `A process may open ${most} files here, and an attack needs ${FILES}: raise "ulimit -Hn", or use --quick.`,
  )
  process.exit(2)
}
