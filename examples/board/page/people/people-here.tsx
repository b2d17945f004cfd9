import { useConnection } from '@hotline/react'
import { useQuery } from '@tanstack/react-query'
import { api, hot } from '../hot.ts'
import { Avatar } from './avatar.tsx'
import { me } from './who-am-i.ts'

const SHOWN = 5

/** Who else has the page open. While the line is cut nobody can know, so nobody is shown. */
export function PeopleHere() {
  const { data } = useQuery(hot.people.here.liveOptions())
  const isOpen = useConnection(api).name === 'open'
  const user = me()
  const others = data?.filter(({ id }) => id !== user.id) ?? []
  if (!isOpen || others.length === 0) return null
  const names = new Intl.ListFormat('en').format(others.map(({ name }) => name))
  return (
    <p className="people" title={`${names} ${others.length === 1 ? 'is' : 'are'} here too`}>
      {others.slice(0, SHOWN).map((person) => (
        <Avatar key={person.id} person={person} />
      ))}
      {others.length > SHOWN && <span className="people-more">+{others.length - SHOWN}</span>}
      <span className="unseen">Also here: {names}</span>
    </p>
  )
}
