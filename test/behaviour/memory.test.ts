import { serveInMemory } from '@hotline/testing'
import { behaviourSuite } from './behaviour-suite.ts'

behaviourSuite({
  name: 'memory',
  start: async (router, options) => {
    const server = serveInMemory(router, options)
    return {
      get size() {
        return server.size
      },
      connect: (clientOptions) => server.connect(clientOptions),
      cut: () => server.cut(),
      stop: () => server.stop(),
      start: async () => server.start(),
    }
  },
})
