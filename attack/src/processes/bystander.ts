// Does nothing but look at the clock: what is late here, is late because of the machine.

import { answerCommands } from './answer-commands.ts'
import { LoopWatch } from './loop-watch.ts'

const watch = new LoopWatch()

const COMMANDS = { block: () => watch.take() }

answerCommands(COMMANDS)

export type BystanderCommands = typeof COMMANDS
