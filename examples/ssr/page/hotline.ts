import { createHotlineContext } from '@hotline/react'
import { createHydration } from '@hotline/react/options'
import { QueryClient } from '@tanstack/react-query'
import type { Api } from '../server/api.ts'

export const { HotlineProvider, useHotline } = createHotlineContext<Api>()

/** A cache whose contents get from the server to the page, dates, BigInts and maps included: each request has its own. */
export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { ...createHydration() } })
}
