export { ConnectionPool } from './connection-pool.ts'
export { type CommonOptions, resolveOptions, type Settings } from './options.ts'
