import { useEffect, useState } from 'react'
import type { Person } from '../../shared/model.ts'
import { useLine } from '../line/line.ts'
import { useConnection } from '../line/use-connection.ts'
import { keepTrying } from '../state/keep-trying.ts'
import { Avatar } from './avatar.tsx'

const SHOWN = 5

/** Who else has the page open. While the line is cut nobody can know, so nobody is shown. */
export function PeopleHere() {
  const { user } = useLine()
  const others = usePeople().filter(({ id }) => id !== user.id)
  const isOpen = useConnection().name === 'open'
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

function usePeople(): readonly Person[] {
  const { api } = useLine()
  const [people, setPeople] = useState<readonly Person[]>([])
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    void keepTrying(async () => {
      for await (const here of await api.people.here(undefined, { signal })) setPeople(here)
    }, signal)
    return () => stop.abort()
  }, [api])
  return people
}
