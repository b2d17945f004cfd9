import type { Infer } from '@hotline/server'
import * as z from 'zod'
import { LIMITS } from '../shared/limits.ts'
import { changing, gone, h, Id, Max, text } from './builder.ts'
import { files } from './files.ts'
import { addList, countLists, hasList, renameList } from './store/lists.ts'
import { addMessage } from './store/messages.ts'
import { addTask, completeTask, countTasks, listOfTask, moveTask, removeTask, renameTask } from './store/tasks.ts'

export const api = h.router({
  lists: {
    /** All lists with their tasks, and what changes in them. */
    all: h.live({ on: ({ ctx }) => ctx.board.changed, query: ({ ctx }) => ctx.board.lists() }),

    add: changing
      .input(z.object({ list: Id, name: text(LIMITS.listNameLength) }))
      .errors({ BOARD_FULL: Max })
      .idempotent()
      .mutation(({ input, ctx, errors }) =>
        ctx.change(async (transaction) => {
          if (await hasList(transaction, input.list)) return undefined
          if ((await countLists(transaction)) >= LIMITS.lists) throw errors.BOARD_FULL({ max: LIMITS.lists })
          await addList(transaction, input.list, input.name)
          return { type: 'list-added', ...input }
        }),
      ),

    rename: changing.input(z.object({ list: Id, name: text(LIMITS.listNameLength) })).mutation(({ input, ctx }) =>
      ctx.change(async (transaction) => {
        if (!(await renameList(transaction, input.list, input.name))) throw gone('list')
        return { type: 'list-renamed', ...input }
      }),
    ),
  },

  tasks: {
    /** Adds a task at the end of a list, unless that one is full. */
    add: changing
      .input(z.object({ task: Id, list: Id, title: text(LIMITS.taskTitleLength) }))
      .errors({ LIST_FULL: Max })
      .mutation(({ input, ctx, errors }) =>
        ctx.change(async (transaction) => {
          const { task, list, title } = input
          if ((await listOfTask(transaction, task)) !== undefined) return undefined
          if (!(await hasList(transaction, list))) throw gone('list')
          if ((await countTasks(transaction, list)) >= LIMITS.tasksPerList)
            throw errors.LIST_FULL({ max: LIMITS.tasksPerList })
          await addTask(transaction, { id: task, list, title, addedBy: ctx.user })
          return { type: 'task-added', task, list, title }
        }),
      ),

    rename: changing.input(z.object({ task: Id, title: text(LIMITS.taskTitleLength) })).mutation(({ input, ctx }) =>
      ctx.change(async (transaction) => {
        if (!(await renameTask(transaction, input.task, input.title))) throw gone('task')
        return { type: 'task-renamed', ...input }
      }),
    ),

    /** Moves a task in front of another one, or to the end of a list. */
    move: changing
      .input(z.object({ task: Id, list: Id, before: Id.nullable() }))
      .errors({ LIST_FULL: Max })
      .mutation(({ input, ctx, errors }) =>
        ctx.change(async (transaction) => {
          const from = await listOfTask(transaction, input.task)
          if (from === undefined) throw gone('task')
          if (!(await hasList(transaction, input.list))) throw gone('list')
          const isFull = (await countTasks(transaction, input.list)) >= LIMITS.tasksPerList
          if (from !== input.list && isFull) throw errors.LIST_FULL({ max: LIMITS.tasksPerList })
          await moveTask(transaction, input.task, input)
          return { type: 'task-moved', ...input }
        }),
      ),

    complete: changing.input(z.object({ task: Id, done: z.boolean() })).mutation(({ input, ctx }) =>
      ctx.change(async (transaction) => {
        if (!(await completeTask(transaction, input.task, input.done ? ctx.user : null))) throw gone('task')
        return { type: 'task-completed', ...input }
      }),
    ),

    remove: changing
      .input(z.object({ task: Id }))
      .idempotent()
      .mutation(({ input, ctx }) =>
        ctx.change(async (transaction) => {
          // Whoever removes what is gone has what they wanted.
          return (await removeTask(transaction, input.task)) ? { type: 'task-removed', ...input } : undefined
        }),
      ),
  },

  files,

  chat: {
    /** The newest messages, and what comes. */
    recent: h.live({ on: ({ ctx }) => ctx.board.changed, query: ({ ctx }) => ctx.board.recentMessages() }),

    say: changing
      .input(z.object({ message: Id, text: text(LIMITS.messageLength) }))
      .idempotent()
      .mutation(({ input, ctx }) =>
        ctx.change(async (transaction) => {
          const isNew = await addMessage(transaction, { id: input.message, text: input.text, by: ctx.user })
          return isNew ? { type: 'message-said', ...input } : undefined
        }),
      ),
  },

  people: {
    /** Who has the page open: now, and again whenever someone comes or goes. Reading it is what counts one in. */
    here: h.subscription(({ ctx, signal }) => ctx.presence.join(ctx.user, signal)),
  },

  server: {
    /** How busy the server is: the last minute, then each second. After a lost session it goes on where it was. */
    load: h.subscription(({ ctx, signal, lastEventId }) =>
      ctx.load.follow({ after: Number(lastEventId ?? 0), signal }),
    ),
  },
})

export interface Api extends Infer<typeof api> {}
