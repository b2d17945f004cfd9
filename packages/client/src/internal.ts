export { ClientConnection } from './client-connection.ts'
export { type Settings, settings } from './options.ts'
export type { OpenListener, OpenSocket } from './web-socket.ts'
