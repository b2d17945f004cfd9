import { LIMITS } from '../../shared/limits.ts'
import type { List, Task } from '../../shared/model.ts'
import { changes } from '../state/changes.ts'
import { useChange } from '../state/use-change.ts'
import { AddForm } from './add-form.tsx'
import { EditableText } from './editable-text.tsx'
import { TaskCard } from './task-card.tsx'
import { useDrop } from './use-drop.ts'

interface ListColumnProps {
  readonly list: List
  readonly lists: readonly List[]
  readonly newsAfter: number
}

export function ListColumn({ list, lists, newsAfter }: ListColumnProps) {
  const rename = useChange(changes.renameList)
  const addTask = useChange(changes.addTask)
  const moveTask = useChange(changes.moveTask)
  const drop = useDrop((task, before) => moveTask({ task, list: list.id, before }))
  const open = list.tasks.filter((task) => task.doneBy === null)
  const done = list.tasks.filter((task) => task.doneBy !== null)

  const card = (task: Task, index: number, group: readonly Task[]) => (
    <TaskCard
      key={task.id}
      task={task}
      list={list.id}
      lists={lists}
      above={group[index - 1]?.id}
      below={group[index + 1] === undefined ? undefined : { before: group[index + 2]?.id ?? null }}
      newsAfter={newsAfter}
      isDropTarget={drop.place?.before === task.id}
    />
  )

  return (
    <section
      className="list"
      aria-label={list.name}
      data-dropping={drop.place !== undefined || undefined}
      {...drop.handlers}
    >
      <header className="list-header">
        <h2>
          <EditableText
            text={list.name}
            label={`Rename list ${list.name}`}
            maxLength={LIMITS.listNameLength}
            onSave={(name) => rename({ list: list.id, name })}
          />
        </h2>
        <Count tasks={list.tasks.length} />
      </header>
      <div className="list-scroll">
        {list.tasks.length === 0 && <p className="empty">No tasks here yet.</p>}
        <ul className="cards">{open.map(card)}</ul>
        <div className="drop-end" data-drop={(drop.place !== undefined && drop.place.before === null) || undefined} />
        {done.length > 0 && (
          <>
            <h3 className="done-heading">{done.length} done</h3>
            <ul className="cards">{done.map(card)}</ul>
          </>
        )}
      </div>
      <AddForm
        label={`Add a task to ${list.name}`}
        maxLength={LIMITS.taskTitleLength}
        onAdd={(title, refused) => addTask({ task: crypto.randomUUID(), list: list.id, title }, refused)}
      />
    </section>
  )
}

/** Says how full a list is only once that matters. */
function Count({ tasks }: { readonly tasks: number }) {
  const max = LIMITS.tasksPerList
  const isNearlyFull = tasks >= max * 0.75
  return (
    <span className="count" data-full={tasks >= max || undefined}>
      {isNearlyFull ? `${tasks} of ${max}` : tasks}
    </span>
  )
}
