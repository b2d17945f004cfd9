import { createServer } from 'node:http'

// React chooses its build by it when it is loaded, so it comes before the rest.
process.env.NODE_ENV ??= 'production'
const { builtPages } = await import('./built-pages.ts')
const { openSite } = await import('./site.ts')

const port = Number(process.env.PORT ?? 3001)
const http = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 2_500 })
// As built, this file is dist/server/main.js.
const server = openSite(http, builtPages(new URL('../page/', import.meta.url)))
http.once('error', (error) => {
  console.error(`${error.message}: choose another port, as in PORT=${port + 1} npm start -w examples/ssr.`)
  process.exit(1)
})
http.listen(port, () => console.log(`To do: http://localhost:${port}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

async function stop(): Promise<void> {
  http.close()
  await server.drain({ windowMs: 400, deadlineMs: 2_000 })
  http.closeAllConnections()
}
