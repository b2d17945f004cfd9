export { CLEAR, type Conditions, type Way } from './conditions.ts'
export {
  type FaultyProxy,
  type ProxyChange,
  type ProxyCounts,
  type ProxyOptions,
  type ProxyTarget,
  startProxy,
} from './start-proxy.ts'
