import type { Commands, Handlers } from './commands.ts'

/** Does what the driver asks, one thing after the other, until the driver is gone. A failure ends the process, in sight. */
export function answerCommands<Table extends Commands<Table>>(handlers: Handlers<Table>): void {
  process.on('message', async ({ name, ask }: { name: keyof Table; ask: never }) => {
    process.send?.({ reply: await handlers[name](ask) })
  })
  // Leaving by `exit` lets `--cpu-prof` write its file, and needs no end of its own in each contender.
  process.on('disconnect', () => process.exit())
}
