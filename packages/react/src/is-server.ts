/** Whether this is a server that renders, by TanStack's own test. */
export function isServer(): boolean {
  return !('window' in globalThis)
}
