import type { Contender } from '../contender.ts'
import { connect } from '../hand-written/client.ts'
import { ONE_BY_ONE } from '../hand-written/line.ts'
import { serve } from '../hand-written/server.ts'

/** What people write first: one JSON message per call, answer and event. The others are measured by it. */
export const contender: Contender = {
  serve: (task) => serve(ONE_BY_ONE, task),
  connect: (port) => connect(ONE_BY_ONE, port),
}
