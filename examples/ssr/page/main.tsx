import { createClient } from '@hotline/client'
import { hydrateRoot } from 'react-dom/client'
import type { Api } from '../server/api.ts'
import { App } from './app.tsx'
import { createQueryClient } from './hotline.ts'

const root = document.getElementById('root')
const state = document.getElementById('state')
if (root === null) throw new Error('index.html has no element with the id "root".')

// Whoever has to sign in first gets a plain form, and nothing to go on from.
if (state !== null) {
  // It opens its socket with the first call, and that is the list's stream, once the page is hydrated.
  const api = createClient<Api>({ url: '/rpc' })
  hydrateRoot(root, <App api={api} queryClient={createQueryClient()} state={JSON.parse(state.textContent)} />)
}
