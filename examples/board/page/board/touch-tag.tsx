import type { Touch } from '../../shared/model.ts'
import { colourOf } from '../people/avatar.tsx'
import { me } from '../people/who-am-i.ts'

interface TouchTagProps {
  readonly touch: Touch
  /** The last event that the page has begun with: who did what before isn't news. */
  readonly newsAfter: number
}

/** Says for a moment who else has just changed a task. */
export function TouchTag({ touch: { event, by }, newsAfter }: TouchTagProps) {
  if (event <= newsAfter || by.id === me().id) return null
  return (
    <span className="touch" style={colourOf(by)} aria-hidden="true">
      {by.name}
    </span>
  )
}
