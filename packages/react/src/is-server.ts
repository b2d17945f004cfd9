/** Whether this is a server that renders: it has no window. */
export function isServer(): boolean {
  return !('window' in globalThis)
}
