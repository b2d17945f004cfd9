/** What a process may be asked, by name, and what it answers. */
export type Commands = Readonly<Record<string, (ask: never) => unknown>>

/** Does what the driver asks, until the driver is gone. A failure ends the process, in sight. */
export function answerCommands(handlers: Commands): void {
  process.on('message', async ({ name, ask }: { readonly name: string; readonly ask: never }) => {
    process.send?.({ reply: await handlers[name]?.(ask) })
  })
  process.on('disconnect', () => process.exit())
}
