import { useRef } from 'react'
import type { List, Task } from '../../shared/model.ts'
import { useFocusAfterMove } from './focus-after-move.ts'
import { Menu, type MenuSection } from './menu.tsx'

interface TaskMenuProps {
  readonly task: Task
  /** Where the task can be moved to. */
  readonly lists: readonly List[]
  readonly onRename: () => void
  readonly onAttach: () => void
  readonly onUp: (() => void) | undefined
  readonly onDown: (() => void) | undefined
  readonly onMove: (list: string) => void
  readonly onRemove: () => void
}

/** Everything that can be done with a task, without a pointer: what dragging does is here too. */
export function TaskMenu({ task, lists, onRename, onAttach, onUp, onDown, onMove, onRemove }: TaskMenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const thenFocus = useFocusAfterMove(task.id, button)
  const own: MenuSection = {
    items: [
      { key: 'rename', label: 'Rename', act: onRename },
      { key: 'attach', label: 'Attach files', act: onAttach },
      { key: 'up', label: 'Move up', act: thenFocus(onUp) },
      { key: 'down', label: 'Move down', act: thenFocus(onDown) },
    ],
  }
  const moves: MenuSection = {
    heading: 'Move to',
    items: lists.map((list) => ({ key: list.id, label: list.name, act: thenFocus(() => onMove(list.id)) })),
  }
  const ends: MenuSection = { items: [{ key: 'remove', label: 'Delete', act: onRemove, look: 'danger' }] }
  const sections = lists.length === 0 ? [own, ends] : [own, moves, ends]
  return <Menu label={`More about ${task.title}`} sections={sections} button={button} />
}
