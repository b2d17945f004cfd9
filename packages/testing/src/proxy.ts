export { CLEAR, type Conditions, type Way } from './proxy/conditions.ts'
export type { FaultyProxy, ProxyChange, ProxyCounts, ProxyOptions, ProxyTarget } from './proxy/faulty-proxy.ts'
export type { Tally } from './proxy/one-way.ts'
export { startProxy } from './proxy/start-proxy.ts'
