import { useRef, useState } from 'react'
import { LIMITS } from '../../shared/limits.ts'
import type { List, Task } from '../../shared/model.ts'
import { TaskFiles } from '../files/task-files.tsx'
import { useUploads } from '../files/uploads.tsx'
import { useFileDrop } from '../files/use-file-drop.ts'
import { Avatar } from '../people/avatar.tsx'
import { changes } from '../state/changes.ts'
import { useChange } from '../state/use-change.ts'
import { TextField } from './editable-text.tsx'
import { TaskMenu } from './task-menu.tsx'
import { TouchTag } from './touch-tag.tsx'
import { startDrag } from './use-drop.ts'

interface TaskCardProps {
  readonly task: Task
  readonly list: string
  readonly lists: readonly List[]
  /** The task above this one, undefined for the first. */
  readonly above: string | undefined
  /** The place behind the task below this one, undefined for the last. */
  readonly below: { readonly before: string | null } | undefined
  readonly newsAfter: number
  readonly isDropTarget: boolean
}

export function TaskCard({ task, list, lists, above, below, newsAfter, isDropTarget }: TaskCardProps) {
  const complete = useChange(changes.completeTask)
  const rename = useChange(changes.renameTask)
  const moveTask = useChange(changes.moveTask)
  const remove = useChange(changes.removeTask)
  const [isEditing, setEditing] = useState(false)
  const [isDragging, setDragging] = useState(false)
  const { attach } = useUploads()
  const fileDrop = useFileDrop((files) => attach(task.id, files))
  const chooser = useRef<HTMLInputElement>(null)
  const isDone = task.doneBy !== null
  const move = (to: string, before: string | null) => moveTask({ task: task.id, list: to, before })

  return (
    <li
      className="card"
      data-task={task.id}
      data-done={isDone || undefined}
      data-sending={task.isSending}
      data-dragging={isDragging || undefined}
      data-drop={isDropTarget || undefined}
      data-file-drop={fileDrop.isOver || undefined}
      {...fileDrop.handlers}
      draggable={!isEditing}
      onDragStart={(event) => {
        startDrag(event, task)
        setDragging(true)
      }}
      onDragEnd={() => setDragging(false)}
    >
      <input
        type="checkbox"
        className="tick"
        aria-label={`Done: ${task.title}`}
        checked={isDone}
        onChange={() => complete({ task: task.id, done: !isDone })}
      />
      {isEditing ? (
        <TextField
          text={task.title}
          label="Title of the task"
          maxLength={LIMITS.taskTitleLength}
          onSave={(title) => rename({ task: task.id, title })}
          onEnd={() => setEditing(false)}
        />
      ) : (
        // A short cut for "Rename" in the menu, which has it for everyone.
        <p className="card-title" onDoubleClick={() => setEditing(true)}>
          {task.title}
        </p>
      )}
      <TaskMenu
        task={task}
        lists={lists.filter((other) => other.id !== list)}
        onRename={() => setEditing(true)}
        onAttach={() => chooser.current?.click()}
        onUp={above === undefined ? undefined : () => move(list, above)}
        onDown={below === undefined ? undefined : () => move(list, below.before)}
        onMove={(to) => move(to, null)}
        onRemove={() => remove({ task: task.id })}
      />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={`Files for ${task.title}`}
        onChange={({ target }) => {
          attach(task.id, [...(target.files ?? [])])
          // So that the same file may be chosen again.
          target.value = ''
        }}
      />
      <TaskFiles task={task.id} files={task.files} />
      <p className="card-by">
        <Avatar person={task.doneBy ?? task.addedBy} />
        {task.doneBy === null ? task.addedBy.name : `Done by ${task.doneBy.name}`}
      </p>
      {task.touched !== null && <TouchTag key={task.touched.event} touch={task.touched} newsAfter={newsAfter} />}
    </li>
  )
}
