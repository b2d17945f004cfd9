import type { ClientConnection } from './client-connection.ts'

interface Page {
  addEventListener?(name: 'online' | 'visibilitychange', listener: () => void): void
  removeEventListener?(name: 'online' | 'visibilitychange', listener: () => void): void
  readonly document?: Page & { readonly visibilityState: string }
}

/** Where there is a page: when it is online again, or looked at again, the next attempt needn't wait as long. */
export function hurryOnReturn(connection: ClientConnection, page: Page = globalThis as Page): void {
  const { document } = page
  const onOnline = () => connection.hurry()
  const onVisibility = () => document?.visibilityState === 'visible' && connection.hurry()
  page.addEventListener?.('online', onOnline)
  document?.addEventListener?.('visibilitychange', onVisibility)
  const undo = connection.subscribe(() => {
    if (connection.state.name !== 'closed') return
    page.removeEventListener?.('online', onOnline)
    document?.removeEventListener?.('visibilitychange', onVisibility)
    undo()
  })
}
