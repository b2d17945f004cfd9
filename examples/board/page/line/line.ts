import { type Client, type Connection, connectionOf, createClient } from '@hotline/client'
import { createContext, use } from 'react'
import type { Api } from '../../server/api.ts'
import type { Person } from '../../shared/model.ts'

/** The open line to the server, and who is speaking on it. */
export interface Line {
  readonly api: Client<Api>
  readonly connection: Connection
  readonly user: Person
}

/** Nothing is sent yet: the line connects with the first call. */
export function openLine(user: Person): Line {
  const api = createClient<Api>({ url: '/rpc', auth: () => user })
  return { api, connection: connectionOf(api), user }
}

export const LineContext = createContext<Line | undefined>(undefined)

export function useLine(): Line {
  const line = use(LineContext)
  if (line === undefined) throw new Error('useLine() is called outside of a <LineContext>.')
  return line
}
