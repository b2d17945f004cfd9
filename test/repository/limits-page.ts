import { HANDLER_LIMITS } from '../../packages/client/src/client-handlers.ts'
import { CLIENT_LIMITS } from '../../packages/client/src/client-limits.ts'
import * as annotation from '../../packages/core/src/codec/annotation.ts'
import { PROTOCOL_LIMITS } from '../../packages/core/src/protocol/limits.ts'
import { SERVER_LIMIT_ROWS } from '../../packages/server/src/server-limits.ts'
import { CLIENT_WORDS, HANDLER_WORDS, PROTOCOL_WORDS, VALUE_WORDS, type Words } from './limit-words.ts'

const HEAD = `# Limits

Whatever a stranger can make grow has an end, and each end has a name for what happens there: an error of the one call, or a close code of the connection. Codes in capitals are listed in [PROTOCOL.md](../PROTOCOL.md#errors), those that close a connection [there, too](../PROTOCOL.md#close-codes).

- [Of the server](#of-the-server): options of \`serve\` and \`attach\`; the defaults hold for a server that nobody configured
- [Of the client](#of-the-client) and [of its handlers](#of-a-clients-handlers)
- [Of the protocol](#of-the-protocol): the same for every implementation
- [Of values](#of-values)

How often somebody may call a procedure is yours to say: see [rate limits](authorization.md#rate-limits).

This page is made from the tables that the code reads: \`npx vitest run test/repository/limits.test.ts -u\`.
`

const SERVER = `Each is an option, by its name in \`limits\`. Durations are in milliseconds, sizes in characters of text and bytes of attachments; \`none\` is Infinity. An address of IPv6 counts as its network of 64 bits; limits per address are off for loopback and private addresses until \`trustProxy\` says which of them are proxies ([guide](guide.md#strangers-and-proxies)).`

const CLIENT = `Nobody attacks a client but its own server; these keep a call from waiting for ever, and a page from filling up. \`timeoutMs\` is an option.`

const HANDLERS = 'A server that calls its clients meets these in each.'

const PROTOCOL =
  'Constants, not options: [PROTOCOL.md](../PROTOCOL.md#limits) defines each. A sender keeps within them by itself, so only a broken or hostile peer is ever closed for one.'

const VALUES =
  'Of the codec that comes with Hotline. They fail the call that carries the value, and nothing else. [The guide](guide.md#values) says what values may hold.'

/** The text of docs/LIMITS.md. */
export function limitsPage(): string {
  const server = Object.entries(SERVER_LIMIT_ROWS).map(([name, row]) => line(name, row.value, row))
  const sections = [
    section('Of the server', SERVER, 'option', server),
    section('Of the client', CLIENT, 'limit', lines(CLIENT_LIMITS, CLIENT_WORDS)),
    section("Of a client's handlers", HANDLERS, 'limit', lines(HANDLER_LIMITS, HANDLER_WORDS)),
    section('Of the protocol', PROTOCOL, 'constant', lines(PROTOCOL_LIMITS, PROTOCOL_WORDS)),
    section(
      'Of values',
      VALUES,
      'limit',
      lines(annotation, VALUE_WORDS).map((row) => row.replace(/`MAX_(\w+)`/, (_, name) => name.toLowerCase())),
    ),
  ]
  return [HEAD, ...sections].join('\n')
}

function section(heading: string, prose: string, first: string, rows: readonly string[]): string {
  const head = [
    `| ${first} | ${first === 'option' ? 'default' : 'value'} | when it is hit | why |`,
    '|---|---|---|---|',
  ]
  return `## ${heading}\n\n${prose}\n\n${[...head, ...rows].join('\n')}\n`
}

function lines<Name extends string>(
  values: Readonly<Record<NoInfer<Name>, number>>,
  words: Readonly<Record<Name, Words>>,
): readonly string[] {
  const names = Object.keys(words) as Name[] // its type says which there are
  return names.map((name) => line(name, values[name], words[name]))
}

function line(name: string, value: number, { hit, why }: Words): string {
  return `| \`${name}\` | ${said(value)} | ${hit} | ${why} |`
}

function said(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US') : 'none'
}
