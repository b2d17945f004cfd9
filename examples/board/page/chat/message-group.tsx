import { Avatar } from '../people/avatar.tsx'
import { me } from '../people/who-am-i.ts'
import type { Group } from './group-messages.ts'

export function MessageGroup({ group: { by, at, day, messages } }: { readonly group: Group }) {
  return (
    <>
      {day !== undefined && <p className="day">{nameOfDay(day, new Date())}</p>}
      <section className="said">
        <Avatar person={by} />
        <p className="said-by">
          <strong>{by.id === me().id ? `${by.name} (you)` : by.name}</strong>
          <time dateTime={at.toISOString()} title={at.toLocaleString()}>
            {TIME.format(at)}
          </time>
        </p>
        {messages.map(({ id, text, isSending }) => (
          <p key={id} className="said-text" data-sending={isSending}>
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
