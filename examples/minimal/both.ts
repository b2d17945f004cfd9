// Both ends in one process, talking through a real socket. In life they are two: `npm run server`, `npm run client`.
const { server } = await import('./server.ts')
await import('./client.ts')
await server.close()
