// A contender's server, in a process of its own: `node server.js <contender>`, told what to do over IPC.

import { CONTENDERS, type ContenderName } from '../contenders/contenders.ts'
import { answerCommands } from './answer-commands.ts'
import type { ServerCommands } from './commands.ts'
import { cpuMicros } from './cpu.ts'

// The driver gives a name of the table.
const contender = await CONTENDERS[process.argv[2] as ContenderName]()

answerCommands<ServerCommands>({
  listen: async () => (await contender.serve()).port,
  cpu: cpuMicros,
})
