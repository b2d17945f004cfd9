import { SERVER_LIMIT_ROWS } from '../../packages/server/src/server-limits.ts'

const HEAD = `# Limits

Whatever a stranger can make grow has an end. Each row is an option of \`limits\` in \`serve\` and \`attach\`; the defaults hold for a server that nobody configured.

What the protocol itself bounds, the same for every implementation, stands in [PROTOCOL.md](../PROTOCOL.md#limits).

This page is made from the table that the server reads (\`packages/server/src/server-limits.ts\`): \`npx vitest run test/repository/limits.test.ts -u\`.
`

/** The text of docs/LIMITS.md. */
export function limitsPage(): string {
  const rows = Object.entries(SERVER_LIMIT_ROWS).map(
    ([name, { value, hit, why }]) => `| \`${name}\` | ${said(value)} | ${hit} | ${why} |`,
  )
  const table = ['| option | default | when it is hit | why |', '|---|---|---|---|', ...rows].join('\n')
  return `${HEAD}\n## Of the server\n\nDurations are in milliseconds, sizes in characters of text and bytes of attachments; \`Infinity\` sets no limit. An address of IPv6 counts as its network of 64 bits; limits per address are off for loopback and private addresses until \`trustProxy\` says which of them are proxies ([guide](guide.md#strangers-and-proxies)).\n\n${table}\n`
}

function said(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US') : 'none'
}
