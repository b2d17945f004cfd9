// `npm run dev`: Vite serves the page with hot reloading and passes /rpc on; the server is rebuilt and started anew with
// each change of its files. The packages are used as built: `npm run build` in the root first.

import { spawn } from 'node:child_process'

const children = [
  spawn('vite', [], { stdio: 'inherit' }),
  spawn('tsup', ['--silent', '--watch', 'server', '--watch', 'shared', '--onSuccess', 'node dist/server/main.js'], {
    stdio: 'inherit',
  }),
]

for (const child of children) child.once('exit', stop)
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

function stop() {
  for (const child of children) child.kill('SIGTERM')
}
