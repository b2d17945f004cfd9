// `npm run bench -- [--quick] [--peers] [--only=<section>] [--skip=<section>,...] [--with=<contender>,...] [--rounds=<n>] [--scale=<x>] [--most=<n>] [--profile=<folder>]`

import { benchOptions } from './driver/bench-options.ts'
import { installPeers } from './driver/install-peers.ts'
import { machine } from './driver/machine.ts'
import { runAll } from './driver/run-all.ts'
import { rewritePages, writePages } from './pages/write-pages.ts'

const docs = new URL('../../docs/', import.meta.url)
const options = benchOptions(process.argv.slice(2))
if (options.onlyPages) {
  await rewritePages(docs)
  process.exit()
}
if (options.needsPeers) installPeers()
const { processor, cores, node, isPinned } = machine(options, 0)
console.log(`Node ${node}, ${cores} x ${processor}`)
console.log(isPinned ? 'Server on core 0, client on core 1.\n' : 'taskset is missing: the processes are not pinned.\n')

const startedAt = performance.now()
const measured = await runAll(options)
const minutes = Math.round((performance.now() - startedAt) / 6_000) / 10
if (options.isFull) {
  await writePages(docs, { machine: machine(options, minutes), ...measured })
  console.log(`${minutes} minutes. Written: docs/bench, docs/PERFORMANCE.md.`)
}
