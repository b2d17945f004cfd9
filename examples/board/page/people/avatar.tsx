import type { CSSProperties } from 'react'
import type { Person } from '../../shared/model.ts'

/** A person's initials on the person's colour. The name stands beside it or is `title`, so it is not read out. */
export function Avatar({ person }: { readonly person: Person }) {
  return (
    <span className="avatar" style={colourOf(person)} title={person.name} aria-hidden="true">
      {initialsOf(person.name)}
    </span>
  )
}

/** Sets `--hue` to the person's own, the same on every page. */
export function colourOf({ id }: Person): CSSProperties {
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  // CSSProperties doesn't know custom properties.
  return { '--hue': String((hash % 24) * 15) } as CSSProperties
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const first = words[0] ?? '?'
  const last = words.length > 1 ? words.at(-1) : undefined
  return [first, last].map((word) => word?.slice(0, 1).toUpperCase() ?? '').join('')
}
