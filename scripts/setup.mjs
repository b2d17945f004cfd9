// Makes a fresh clone ready: `node scripts/setup.mjs [system tool ...]`. `npm start` and `npm test` run it first.
// This file must be read to its end by any Node since 12, so it imports the rest only when the version is right.

const REQUIRED = { major: 20, minor: 19 }
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < REQUIRED.major || (major === REQUIRED.major && minor < REQUIRED.minor)) {
  console.error(
    `Hotline needs Node ${REQUIRED.major}.${REQUIRED.minor} or newer; this is ${process.version}. Get it at https://nodejs.org, then run the same command again.`,
  )
  process.exit(1)
}

Promise.all([import('./packages.mjs'), import('./system-tools.mjs')])
  .then(([packages, tools]) => {
    const wanted = tools.toolNames(process.argv.slice(2))
    packages.installPackages()
    tools.provideTools(wanted)
  })
  .catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
