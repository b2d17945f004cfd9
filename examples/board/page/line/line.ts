import { type Client, connectionOf, createClient } from '@hotline/client'
import { createContext, use } from 'react'
import type { Api } from '../../server/api.ts'
import type { Person } from '../../shared/model.ts'

/** The open line to the server, and who is speaking on it. */
export interface Line {
  readonly api: Client<Api>
  readonly connection: ReturnType<typeof connectionOf>
  readonly user: Person
}

/** Nothing is sent yet: the line connects with the first call. */
export function openLine(user: Person): Line {
  const url = new URL('/rpc', location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  const api = createClient<Api>({ url: url.href, auth: () => user })
  return { api, connection: connectionOf(api), user }
}

export const LineContext = createContext<Line | undefined>(undefined)

export function useLine(): Line {
  const line = use(LineContext)
  if (line === undefined) throw new Error('useLine() is called outside of a <LineContext>.')
  return line
}
