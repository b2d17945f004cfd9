import { createQueryOptions } from '@hotline/react/options'
import { createCaller } from '@hotline/server'
import { dehydrate } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { App } from '../page/app.tsx'
import { createQueryClient } from '../page/hotline.ts'
import { SignInPage } from '../page/sign-in-page.tsx'
import { api, type Context } from './api.ts'

/** What goes into the places of index.html. */
export interface Rendered {
  readonly html: string
  /** A `<script>` that holds the cache as JSON; empty where the page has nothing to go on from. */
  readonly state: string
}

/**
 * The page as it is for somebody now. The procedures are called in this process, so there is no line, and a cache of its
 * own keeps one visitor's data from another's page. What fails, fails the request: nobody gets half a page.
 */
export async function render(context: Context | undefined): Promise<Rendered> {
  if (context === undefined) return { html: renderToString(<SignInPage />), state: '' }
  const caller = createCaller(api, context, { principal: context.visitor.id })
  const hot = createQueryOptions(caller)
  const queryClient = createQueryClient()
  await Promise.all([
    queryClient.fetchQuery(hot.me.queryOptions()),
    queryClient.fetchQuery(hot.todos.list.queryOptions()),
  ])
  const html = renderToString(<App api={caller} queryClient={queryClient} />)
  return { html, state: stateElement(dehydrate(queryClient)) }
}

/** In a script's text only `<` could end it, or begin a comment; in JSON it may be written as an escape. */
function stateElement(state: object): string {
  const text = JSON.stringify(state).replaceAll('<', '\\u003c')
  return `<script id="state" type="application/json">${text}</script>`
}
