import { createClient, liveValues } from '@hotline/client'
import { attachLive, createQueryOptions } from '@hotline/react/options'
import { QueryClient } from '@tanstack/react-query'
import type { Api } from '../server/api.ts'
import { isAboutTheLine } from './line/is-about-the-line.ts'
import { whoAmI } from './people/who-am-i.ts'

/** The client for the whole page. Nothing is sent yet: the line opens with the first call. */
export const api = createClient<Api>({ url: '/rpc', auth: whoAmI })

/** TanStack Query options for each of its procedures. */
export const hot = createQueryOptions(api)

/** What Hotline's options don't decide, for files too: what failed on its way is tried again until the line is back. */
const patient = { networkMode: 'always', retry: (_: number, error: Error) => isAboutTheLine(error) } as const

export const queryClient = new QueryClient({ defaultOptions: { queries: patient, mutations: patient } })
attachLive(queryClient)

/** The lists, as the server keeps them. */
export const boardQuery = hot.lists.all.liveOptions(undefined, { values: liveValues })

export const chatQuery = hot.chat.recent.liveOptions(undefined, { values: liveValues })
