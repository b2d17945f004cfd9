// Somebody harmless: calls every few milliseconds, and comes anew several times a second.

import { connectionOf, createClient } from '@hotline/client'
import { WebSocket } from 'ws'
import type { Service } from '../outcome.ts'
import { answerCommands } from './answer-commands.ts'
import type { VictimApi } from './victim-api.ts'

const CALL_EVERY_MS = 5
const CONNECT_EVERY_MS = 100

/** Out of the way of the attackers' addresses. */
class OwnAddress extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol, { headers: { 'x-forwarded-for': '198.51.100.1' } })
  }
}

let calls: number[] = []
let connects: number[] = []
let failed = 0

const COMMANDS = {
  async start({ port }: { readonly port: number }): Promise<void> {
    const api = open(port)
    await api.echo(0)
    setInterval(() => void timed(calls, () => api.echo(1)), CALL_EVERY_MS)
    setInterval(() => void timed(connects, () => comeAndGo(port)), CONNECT_EVERY_MS)
  },
  /** What was seen since the last time. */
  service(): Service {
    const service = {
      calls: calls.length,
      failed,
      p50Ms: percentile(calls, 0.5),
      p99Ms: percentile(calls, 0.99),
      connectP99Ms: percentile(connects, 0.99),
    }
    calls = []
    connects = []
    failed = 0
    return service
  },
}

function open(port: number) {
  return createClient<VictimApi>({
    url: `ws://127.0.0.1:${port}/rpc`,
    WebSocket: OwnAddress,
    auth: () => ({ user: 'somebody harmless' }),
  })
}

async function comeAndGo(port: number): Promise<void> {
  const api = open(port)
  try {
    await api.echo(0)
  } finally {
    connectionOf(api).close()
  }
}

async function timed(into: number[], act: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  try {
    await act()
    into.push(performance.now() - startedAt)
  } catch {
    failed++
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

answerCommands(COMMANDS)

export type ClientCommands = typeof COMMANDS
