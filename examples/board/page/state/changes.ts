import type { Optimistic } from '@hotline/react/options'
import type { List, Message, Receipt, Task } from '../../shared/model.ts'
import { hot } from '../hot.ts'
import { me } from '../people/who-am-i.ts'
import { addList, addTask, editTask, moveTask, removeTask } from './edit-lists.ts'
import { keyOf } from './key-of.ts'

/** Makes a change once, however bad the line: each attempt has the key of the one intent, which the server keeps for a day. */
const once = { call: (input: object) => ({ idempotencyKey: keyOf(input) }) }

const isSending = true

/** Everything that can be done to the board: it shows at once, and goes again where the server refuses it. */
export const changes = {
  addList: hot.lists.add.mutationOptions({ ...once, optimistic: inLists(addList) }),

  renameList: hot.lists.rename.mutationOptions({
    ...once,
    optimistic: inLists((lists, { list: id, name }) =>
      lists.map((list) => (list.id === id ? { ...list, name } : list)),
    ),
  }),

  addTask: hot.tasks.add.mutationOptions({
    ...once,
    optimistic: inLists((lists, { task: id, list, title }) => {
      const task: Task = { id, title, addedBy: me(), doneBy: null, files: [], touched: null, isSending }
      return addTask(lists, task, list)
    }),
  }),

  renameTask: hot.tasks.rename.mutationOptions({
    ...once,
    optimistic: inLists((lists, { task: id, title }) => editTask(lists, id, (task) => ({ ...mine(task), title }))),
  }),

  completeTask: hot.tasks.complete.mutationOptions({
    ...once,
    optimistic: inLists((lists, { task: id, done }) => {
      return editTask(lists, id, (task) => ({ ...mine(task), doneBy: done ? me() : null }))
    }),
  }),

  moveTask: hot.tasks.move.mutationOptions({
    ...once,
    optimistic: inLists((lists, { task, ...place }) => moveTask(editTask(lists, task, mine), task, place)),
  }),

  removeTask: hot.tasks.remove.mutationOptions({
    ...once,
    optimistic: inLists((lists, { task }) => removeTask(lists, task)),
  }),

  removeFile: hot.files.remove.mutationOptions({
    ...once,
    optimistic: inLists((lists, { file }) => {
      const owner = lists.flatMap(({ tasks }) => tasks).find(({ files }) => files.some(({ id }) => id === file))
      const without = (task: Task): Task => ({ ...mine(task), files: task.files.filter(({ id }) => id !== file) })
      return owner === undefined ? lists : editTask(lists, owner.id, without)
    }),
  }),

  say: hot.chat.say.mutationOptions({
    ...once,
    optimistic: (cache, { message: id, text }) => {
      const message: Message = { id, text, by: me(), at: new Date(), isSending }
      const add = (said: readonly Message[]) => (said.some((known) => known.id === id) ? said : [...said, message])
      cache.update(hot.chat.recent.queryKey(), (chat) => ({ ...chat, messages: add(chat.messages) }), { isIn })
    },
  }),
}

/** Shows a change of the lists over what the server says, until that has it. */
function inLists<Input>(change: (lists: readonly List[], input: Input) => readonly List[]): Optimistic<Input, Receipt> {
  return (cache, input) =>
    cache.update(hot.lists.all.queryKey(), (board) => ({ ...board, lists: change(board.lists, input) }), { isIn })
}

/** The answer to a change says its number, and each value the number up to which it has them. */
function isIn({ last }: { readonly last: number }, { event }: Receipt): boolean {
  return last >= event
}

/** A task that was last touched here. */
function mine(task: Task): Task {
  return { ...task, touched: null, isSending }
}
