import { describe } from 'vitest'
import type { Adapter } from './adapter.ts'
import { bytesBehaviour } from './bytes-behaviour.ts'
import { callBehaviour } from './call-behaviour.ts'
import { clientHandlerBehaviour } from './client-handler-behaviour.ts'
import { connectionBehaviour } from './connection-behaviour.ts'
import { streamBehaviour } from './stream-behaviour.ts'
import { uploadBehaviour } from './upload-behaviour.ts'

/** Defines the tests that every kind of socket has to pass. */
export function behaviourSuite(adapter: Adapter): void {
  describe(`over ${adapter.name}`, () => {
    callBehaviour(adapter)
    bytesBehaviour(adapter)
    streamBehaviour(adapter)
    uploadBehaviour(adapter)
    connectionBehaviour(adapter)
    clientHandlerBehaviour(adapter)
  })
}
