import { tracked } from '@hotline/server'
import * as z from 'zod'
import { LIMITS } from '../shared/limits.ts'
import { changing, gone, h, Id, Max, text } from './builder.ts'
import { finishFile, removeFile } from './store/files.ts'

/** Files on tasks: bytes that stream up, and down again. */
export const files = {
  /**
   * Takes a file in as its chunks come. A sender who is faster than the database waits, and nothing shows on the board
   * before the last chunk is here. A file of this id that is there already isn't added again: a page whose session was
   * lost may send it once more.
   */
  add: changing
    .input(
      z.object({
        file: Id,
        task: Id,
        name: text(LIMITS.fileNameLength),
        type: z.string().max(LIMITS.fileTypeLength),
        size: z.number().int().nonnegative(),
      }),
    )
    .items(z.instanceof(Uint8Array))
    .errors({ FILE_TOO_LARGE: Max })
    .mutation(async ({ input: { size, ...input }, items, ctx, errors, signal }) => {
      const tooLarge = () => errors.FILE_TOO_LARGE({ max: LIMITS.fileBytes })
      // What the page says spares everyone a futile upload; what counts is what comes.
      if (size > LIMITS.fileBytes) throw tooLarge()
      const upload = await ctx.board.beginUpload(input)
      if (upload === undefined) throw gone('task')
      try {
        for await (const chunk of items) {
          if (upload.size + chunk.length > LIMITS.fileBytes) throw tooLarge()
          if (!(await upload.append(chunk))) throw gone('task')
        }
        signal.throwIfAborted()
        return await ctx.change(async (transaction) => {
          const isNew = await finishFile(transaction, upload)
          const file = { id: input.file, name: input.name, type: input.type, size: upload.size }
          return isNew ? { type: 'file-added', task: input.task, file } : undefined
        })
      } finally {
        await upload.dropUnlessFinished()
      }
    }),

  /** A file in chunks; its description is the result. After a lost session it goes on behind the last chunk received. */
  read: h.input(z.object({ file: Id })).subscription(async ({ input, ctx, lastEventId }) => {
    const file = await ctx.board.openFile(input.file)
    if (file === undefined) throw gone('file')
    return (async function* () {
      const first = Number(lastEventId ?? 0)
      yield tracked.start(String(first))
      for await (const { number, bytes } of file.chunks(first)) yield tracked(String(number), bytes)
      return file.description
    })()
  }),

  remove: changing
    .input(z.object({ file: Id }))
    .idempotent()
    .mutation(({ input, ctx }) =>
      ctx.change(async (transaction) => {
        const task = await removeFile(transaction, input.file)
        return task === undefined ? undefined : { type: 'file-removed', task, ...input }
      }),
    ),
}
