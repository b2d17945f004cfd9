import { useLine } from '../line/line.ts'
import { Avatar } from '../people/avatar.tsx'
import type { Group } from './group-messages.ts'

interface MessageGroupProps {
  readonly group: Group
  readonly sending: ReadonlySet<string | undefined>
}

export function MessageGroup({ group: { by, at, day, messages }, sending }: MessageGroupProps) {
  const { user } = useLine()
  return (
    <>
      {day !== undefined && <p className="day">{nameOfDay(day, new Date())}</p>}
      <section className="said">
        <Avatar person={by} />
        <p className="said-by">
          <strong>{by.id === user.id ? `${by.name} (you)` : by.name}</strong>
          <time dateTime={at.toISOString()} title={at.toLocaleString()}>
            {TIME.format(at)}
          </time>
        </p>
        {messages.map(({ id, text }) => (
          <p key={id} className="said-text" data-sending={sending.has(id) || undefined}>
            {text}
          </p>
        ))}
      </section>
    </>
  )
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

function nameOfDay(day: Date, today: Date): string {
  if (day.toDateString() === today.toDateString()) return 'Today'
  const yesterday = new Date(today)
  yesterday.setDate(today.getDate() - 1)
  return day.toDateString() === yesterday.toDateString() ? 'Yesterday' : DAY.format(day)
}
