import type { Message, Signed } from '../../shared/model.ts'

/** The messages after a change; the counterpart of `changeLists`, with the same promises. */
export function changeMessages(messages: readonly Message[], { change, by, at }: Signed): readonly Message[] {
  if (change.type !== 'message-said') return messages
  if (messages.some((message) => message.id === change.message)) return messages
  return [...messages, { id: change.message, text: change.text, by, at }]
}
