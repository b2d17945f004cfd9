import { LIMITS } from '../../shared/limits.ts'
import type { Person } from '../../shared/model.ts'

const KEY = 'hotline-board-person'

/** Who used this browser before, or undefined when nobody has chosen a name in it. */
export function whoAmI(): Person | undefined {
  const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  return isPerson(stored) ? stored : undefined
}

/** Who uses this page: nothing but the first question is shown before there is a name. */
export function me(): Person {
  const person = whoAmI()
  if (person === undefined) throw new Error('Nobody has chosen a name in this browser.')
  return person
}

/** Remembers a name in this browser. The id stays, so what one did under another name is still one's own. */
export function callMe(name: string): Person {
  const person = { id: whoAmI()?.id ?? crypto.randomUUID(), name: name.trim().slice(0, LIMITS.personNameLength) }
  localStorage.setItem(KEY, JSON.stringify(person))
  return person
}

function isPerson(value: unknown): value is Person {
  if (typeof value !== 'object' || value === null) return false
  return 'id' in value && typeof value.id === 'string' && 'name' in value && typeof value.name === 'string'
}
