import type { Message, Person } from '../../shared/model.ts'

/** What one person said in one go. `day` is set on the first group of a day. */
export interface Group {
  readonly id: string
  readonly by: Person
  readonly at: Date
  readonly day: Date | undefined
  readonly messages: readonly Message[]
}

/** After this long a silence the same person's next message starts a group of its own. */
const PAUSE_MS = 5 * 60_000

export function groupMessages(messages: readonly Message[]): readonly Group[] {
  const groups: { id: string; by: Person; at: Date; day: Date | undefined; messages: Message[] }[] = []
  let previous: Message | undefined
  for (const message of messages) {
    const startsDay = previous === undefined || previous.at.toDateString() !== message.at.toDateString()
    const open = groups.at(-1)
    if (open !== undefined && previous !== undefined && !startsDay && continues(previous, message)) {
      open.messages.push(message)
    } else {
      const { id, by, at } = message
      groups.push({ id, by, at, day: startsDay ? at : undefined, messages: [message] })
    }
    previous = message
  }
  return groups
}

function continues(previous: Message, message: Message): boolean {
  const isSame = previous.by.id === message.by.id && previous.by.name === message.by.name
  return isSame && message.at.getTime() - previous.at.getTime() < PAUSE_MS
}
