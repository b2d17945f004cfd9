/** CPU that this process has used so far, in user and kernel, all of its threads. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
