import type { ClientConnection } from './client-connection.ts'

/** As much of a window and its document as is listened to. */
interface Page {
  addEventListener?(name: string, listener: (event: PageEvent) => void): void
  removeEventListener?(name: string, listener: (event: PageEvent) => void): void
  readonly document?: Page & { readonly visibilityState: string }
}

/** `persisted`: the page goes into the back/forward cache, or comes from it (HTML standard, "PageTransitionEvent"). */
interface PageEvent {
  readonly type: string
  readonly persisted?: boolean
}

/**
 * Where there is a page, its connection follows it: it is checked when the network is said to be gone; it is checked, or tried sooner,
 * when the page is online or looked at again; it says bye when the page is gone for good; and it pauses while the page lies in the back/forward cache.
 */
export function followPage(connection: ClientConnection, page: Page = globalThis as Page): void {
  const { document } = page
  const window: Readonly<Record<string, (event: PageEvent) => void>> = {
    online: () => connection.hurry(),
    offline: () => connection.check(),
    pagehide: ({ persisted }) => (persisted === true ? connection.pause() : connection.close()),
    pageshow: ({ persisted }) => persisted === true && connection.resume(),
  }
  const onVisibility = () => document?.visibilityState === 'visible' && connection.hurry()
  const listen = (how: 'addEventListener' | 'removeEventListener') => {
    for (const [name, listener] of Object.entries(window)) page[how]?.(name, listener)
    document?.[how]?.('visibilitychange', onVisibility)
  }
  listen('addEventListener')
  const undo = connection.subscribe(() => {
    if (connection.state.name !== 'closed') return
    listen('removeEventListener')
    undo()
  })
}
