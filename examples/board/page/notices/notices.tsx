import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { CloseIcon } from '../icons.tsx'

interface Notice {
  readonly id: string
  readonly sentence: string
}

const NotifyContext = createContext<((sentence: string) => void) | undefined>(undefined)

/** Shows a sentence at the edge of the page until someone closes it. */
export function useNotify(): (sentence: string) => void {
  const notify = use(NotifyContext)
  if (notify === undefined) throw new Error('useNotify() is called outside of <Notices>.')
  return notify
}

/** The newest few stay; a sentence that is there already isn't repeated. */
export function Notices({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const notify = useCallback((sentence: string) => {
    const notice = { id: crypto.randomUUID(), sentence }
    setNotices((shown) => [...shown.filter((other) => other.sentence !== sentence), notice].slice(-3))
  }, [])
  const close = (id: string) => setNotices((shown) => shown.filter((notice) => notice.id !== id))
  return (
    <NotifyContext value={notify}>
      {children}
      <div className="notices" role="alert">
        {notices.map(({ id, sentence }) => (
          <p key={id} className="notice">
            {sentence}
            <button type="button" className="icon-button" aria-label="Close" onClick={() => close(id)}>
              <CloseIcon />
            </button>
          </p>
        ))}
      </div>
    </NotifyContext>
  )
}
