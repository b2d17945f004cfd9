import type { Client } from '@hotline/client'
import type { Api } from '../../server/api.ts'
import type { PromptChange, Receipt } from '../../shared/model.ts'

/** Asks the server to make a change, once however often it is asked with this key. Each kind of change is one procedure. */
export function sendChange(api: Client<Api>, change: PromptChange, idempotencyKey: string): Promise<Receipt> {
  switch (change.type) {
    case 'list-added':
      return api.lists.add({ list: change.list, name: change.name }, { idempotencyKey })
    case 'list-renamed':
      return api.lists.rename({ list: change.list, name: change.name }, { idempotencyKey })
    case 'task-added':
      return api.tasks.add({ task: change.task, list: change.list, title: change.title }, { idempotencyKey })
    case 'task-renamed':
      return api.tasks.rename({ task: change.task, title: change.title }, { idempotencyKey })
    case 'task-moved':
      return api.tasks.move({ task: change.task, list: change.list, before: change.before }, { idempotencyKey })
    case 'task-completed':
      return api.tasks.complete({ task: change.task, done: change.done }, { idempotencyKey })
    case 'task-removed':
      return api.tasks.remove({ task: change.task }, { idempotencyKey })
    case 'file-removed':
      return api.files.remove({ file: change.file }, { idempotencyKey })
    case 'message-said':
      return api.chat.say({ message: change.message, text: change.text }, { idempotencyKey })
  }
}
