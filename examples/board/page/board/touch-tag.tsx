import { useState } from 'react'
import { useLine } from '../line/line.ts'
import { colourOf } from '../people/avatar.tsx'
import type { Touch } from '../state/change-lists.ts'

/** As long as the animation of `.touch`. */
const SHOWN_MS = 3500

/** Says for a moment who else has just changed a task. A card that is drawn anew later doesn't say it again. */
export function TouchTag({ touch: { by, seenAt } }: { readonly touch: Touch }) {
  const { user } = useLine()
  const [isNews] = useState(() => Date.now() - seenAt < SHOWN_MS)
  if (!isNews || by.id === user.id) return null
  return (
    <span className="touch" style={colourOf(by)} aria-hidden="true">
      {by.name}
    </span>
  )
}
