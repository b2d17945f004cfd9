/** One row of the tables. */
export interface Entry {
  /** What it is called in a table. */
  readonly title: string
  /** The file that exports `contender`, seen from the folder of the built programs. */
  readonly file: string
  /** The package whose version is told; `undefined` where it is this repository's. */
  readonly npm: string | undefined
  /** Installed by `peers/package-lock.json`, on the first run that asks for it. */
  readonly isPeer: boolean
}

/** In the order of the tables. The first is what the others are measured by. */
export const CONTENDERS = {
  ws: { title: 'ws', file: 'contenders/ws.js', npm: 'ws', isPeer: false },
  wsBatched: { title: 'ws, batched by hand', file: 'contenders/ws-batched.js', npm: 'ws', isPeer: false },
  hotline: { title: 'Hotline', file: 'contenders/hotline.js', npm: undefined, isPeer: false },
  trpc: { title: 'tRPC', file: '../peers/dist/trpc.js', npm: '@trpc/server', isPeer: true },
  orpc: { title: 'oRPC', file: '../peers/dist/orpc.js', npm: '@orpc/server', isPeer: true },
  capnweb: { title: "Cap'n Web", file: '../peers/dist/capnweb.js', npm: 'capnweb', isPeer: true },
  socketIo: { title: 'Socket.IO', file: '../peers/dist/socket-io.js', npm: 'socket.io', isPeer: true },
  rpcWebsockets: {
    title: 'rpc-websockets',
    file: '../peers/dist/rpc-websockets.js',
    npm: 'rpc-websockets',
    isPeer: true,
  },
  graphqlWs: { title: 'graphql-ws', file: '../peers/dist/graphql-ws.js', npm: 'graphql-ws', isPeer: true },
} as const satisfies Record<string, Entry>

/** Those that belong here and can't be run, with the reason: their cells are "-". */
export const ABSENT = [
  {
    title: 'River',
    why: '`@replit/river` 0.220 was not to be had from the registry in use, which ended at 0.17.1.',
  },
] as const

export type ContenderName = keyof typeof CONTENDERS

// `Object.keys` gives strings; these are the table's own.
export const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[]

export const YARDSTICK: ContenderName = 'ws'

/** What a quick run compares. */
export const QUICK_NAMES: readonly ContenderName[] = ['ws', 'hotline']
