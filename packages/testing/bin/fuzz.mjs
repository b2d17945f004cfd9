// `npm run fuzz -- --seconds 60 [--seed 1] [--target "server frames"]` fuzzes each target for its share of that time,
// from that seed on, and says what broke.
// `npm run fuzz -- --frames 5000000 --target "server open"` hands in so many, however long it takes.
// `npm run fuzz -- --seed 42 [--target "server frames"]` replays that seed, with each input in it.

import { parseArgs } from 'node:util'
import { MAX_GROWN_BYTES, runFuzz, runRound, TARGETS } from '@hotline/testing/fuzz'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    frames: { type: 'string' },
    seed: { type: 'string' },
    target: { type: 'string' },
  },
})
const seed = wholeNumber('seed', values.seed ?? '1')
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target)
if (targets.length === 0) {
  console.error(`--target is "${values.target}": give one of ${TARGETS.map(({ name }) => `"${name}"`).join(', ')}.`)
  process.exit(2)
}

if (values.frames !== undefined) await runMany(Number.POSITIVE_INFINITY, wholeNumber('frames', values.frames))
else if (values.seconds === undefined && values.seed !== undefined) await replay()
else await runMany(wholeNumber('seconds', values.seconds ?? '60'))

async function replay() {
  for (const target of targets) {
    console.log(`== ${target.name}`)
    const { crashes, inputs } = await runRound(target, seed, { trace: (line) => console.log(line) })
    for (const { what } of crashes) console.log(`CRASHED ${what}`)
    console.log(crashes.length === 0 ? `${inputs.length} inputs, and nothing broke.` : `${crashes.length} crashes.`)
    if (crashes.length > 0) process.exitCode = 1
  }
}

async function runMany(seconds, frames = Number.POSITIVE_INFINITY) {
  // Each error that an input expects would pay for a stack that nobody reads; a replay has them.
  const { stackTraceLimit } = Error
  console.log('target           executions   per second   crashes   longest block     kept')
  for (const target of targets) {
    Error.stackTraceLimit = 0
    const summary = await runFuzz({
      target,
      seed,
      seconds: seconds / targets.length,
      inputs: frames / targets.length,
    })
    Error.stackTraceLimit = stackTraceLimit
    show(summary)
  }
}

function show({ target, executions, perSecond, crashes, longest, grownBytes, heapBytes }) {
  const hasGrown = (grownBytes ?? 0) > MAX_GROWN_BYTES
  const cells = [
    target.padEnd(16),
    String(executions).padStart(10),
    String(perSecond).padStart(12),
    String(crashes.length).padStart(9),
    `${(longest?.ms ?? 0).toFixed(1)} ms`.padStart(15),
    grownBytes === undefined ? '?'.padStart(9) : `${(grownBytes / 2 ** 20).toFixed(1)} MiB`.padStart(9),
  ]
  console.log(cells.join(' '))
  if (longest !== undefined)
    console.log(`  longest by seed ${longest.seed}, input ${longest.execution}: ${short(longest.input)}`)
  console.log(`  heap at each tenth, MiB: ${heapBytes.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(' ')}`)
  for (const { seed: failed, crashes: found } of crashes) {
    for (const { what, input } of found.slice(0, 3)) console.log(`  CRASHED ${what}\n    after ${short(input)}`)
    console.log(`    npm run fuzz -- --target "${target}" --seed ${failed}`)
  }
  if (hasGrown) console.log(`  GREW by ${grownBytes} bytes: at most ${MAX_GROWN_BYTES} may be kept.`)
  if (hasGrown || crashes.length > 0) process.exitCode = 1
}

function short(input) {
  return input.length <= 200 ? input : `${input.slice(0, 200)}... (${input.length} characters)`
}

function wholeNumber(name, text) {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is "${text}": give a whole number.`)
  process.exit(2)
}
