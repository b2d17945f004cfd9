import type { Ground, Siege } from '../attack.ts'
import { ATTACKS } from '../attacks.ts'
import type { Facts } from '../outcome.ts'
import { Ends, type EndsReport } from '../wire/ends.ts'
import { RawSocket } from '../wire/raw-socket.ts'
import { answerCommands } from './answer-commands.ts'

interface AttackOrder {
  readonly name: string
  readonly port: number
  /** A full attack is 1. */
  readonly scale: number
  /** A full wait is 1. */
  readonly patience: number
}

const ends = new Ends()
let siege: Siege | undefined

const COMMANDS = {
  async besiege({ name, port, scale, patience }: AttackOrder): Promise<Pick<Siege, 'sockets' | 'notes'>> {
    const attack = ATTACKS.find((each) => each.name === name)
    if (attack === undefined) throw new Error(`There is no attack "${name}".`)
    const ground: Ground = {
      port,
      ends,
      size: (full) => Math.max(1, Math.round(full * scale)),
      patience: (full) => full * patience,
      open: () => new RawSocket(port, ends),
    }
    siege = await attack.besiege(ground)
    return { sockets: siege.sockets, notes: siege.notes }
  },
  async finish(): Promise<{ facts: Facts; ends: EndsReport }> {
    return { facts: (await siege?.finish()) ?? {}, ends: ends.report() }
  },
}

answerCommands(COMMANDS)

export type AttackerCommands = typeof COMMANDS
