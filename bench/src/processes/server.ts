// A contender's server, in a process of its own: `node server.js <file>`, told what to do over IPC.

import { answerCommands } from './answer-commands.ts'
import type { ServerCommands } from './commands.ts'
import { offerCuts } from './cuts.ts'
import { loadContender } from './load-contender.ts'
import { memory, usage } from './usage.ts'

const contender = await loadContender()

answerCommands<ServerCommands>({
  async listen(task) {
    const controlPort = await offerCuts()
    return { port: (await contender.serve(task)).port, controlPort }
  },
  usage,
  memory,
})
