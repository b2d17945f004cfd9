// `npm run chaos -- --seeds 20000 [--seed 1]` runs that many seeds from the first one on and says what they have shown.
// `npm run chaos -- --seed 42` replays one of them, with each line of what happened in it.

import { parseArgs } from 'node:util'
import { runSeed, runSeeds } from '@hotline/testing/simulator'

const { values } = parseArgs({ options: { seeds: { type: 'string' }, seed: { type: 'string' } } })
const seed = wholeNumber('seed', values.seed ?? '1')
const isReplay = values.seeds === undefined && values.seed !== undefined

if (isReplay) await replay()
else await runMany(wholeNumber('seeds', values.seeds ?? '10000'))

async function replay() {
  const { violations, ...figures } = await runSeed(seed, { trace: (line) => console.log(line) })
  console.log(figures)
  for (const violation of violations) console.log(`VIOLATED ${violation}`)
  console.log(violations.length === 0 ? 'Every rule held.' : `${violations.length} rules broken.`)
  if (violations.length > 0) process.exitCode = 1
}

async function runMany(count) {
  // Each error that a run expects would pay for a stack that nobody reads; a replay has them.
  Error.stackTraceLimit = 0
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
  const { failures, ...figures } = await runSeeds({ from: seed, count })
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  for (const { seed: failed, violations } of failures.slice(0, 20)) {
    console.log(
      `seed ${failed}: ${violations[0]}${violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''}`,
    )
    console.log(`  npm run chaos -- --seed ${failed}`)
  }
  const lines = {
    seeds: `${seed} to ${seed + count - 1}`,
    sessions: figures.sessions,
    'connections ended': figures.cuts,
    operations: figures.operations,
    frames: figures.frames,
    'seeds that broke a rule': failures.length,
    time: `${((performance.now() - startedAt) / 1000).toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU`,
    'seeds per minute of CPU': Math.round((count / cpuSeconds) * 60),
  }
  for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(24)} ${value}`)
  if (failures.length > 0) process.exitCode = 1
}

function wholeNumber(name, text) {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is "${text}": give a whole number.`)
  process.exit(2)
}
