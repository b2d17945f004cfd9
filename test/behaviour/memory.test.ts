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
      get connections() {
        return server.connections
      },
      connect: (clientOptions) => server.connect(clientOptions),
      cut: () => server.cut(),
      revoke: (principal) => server.revoke(principal),
      stop: () => server.stop(),
      start: async () => server.start(),
    }
  },
})
