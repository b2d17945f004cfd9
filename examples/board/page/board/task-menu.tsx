import { type KeyboardEvent, type ToggleEvent, useId, useRef } from 'react'
import { DotsIcon } from '../icons.tsx'
import type { ShownList } from '../state/change-lists.ts'

interface TaskMenuProps {
  readonly title: string
  /** Where the task can be moved to. */
  readonly lists: readonly ShownList[]
  readonly onRename: () => void
  readonly onUp: (() => void) | undefined
  readonly onDown: (() => void) | undefined
  readonly onMove: (list: string) => void
  readonly onRemove: () => void
}

/** Everything that can be done with a task, without a pointer: what dragging does is here too. */
export function TaskMenu({ title, lists, onRename, onUp, onDown, onMove, onRemove }: TaskMenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  const item = (label: string, act: (() => void) | undefined, look?: 'danger') => (
    <button
      key={label}
      type="button"
      role="menuitem"
      tabIndex={-1}
      data-look={look}
      disabled={act === undefined}
      onClick={() => {
        menu.current?.hidePopover()
        act?.()
      }}
    >
      {label}
    </button>
  )

  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button card-more"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={`More about ${title}`}
      >
        <DotsIcon />
      </button>
      <div
        ref={menu}
        id={id}
        className="menu"
        role="menu"
        popover="auto"
        aria-label={title}
        onBeforeToggle={(event) => placeBeside(event, button.current)}
        onToggle={focusFirst}
        onKeyDown={moveFocus}
      >
        {item('Rename', onRename)}
        {item('Move up', onUp)}
        {item('Move down', onDown)}
        {lists.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: inside a menu a group is role="group"; a fieldset is for forms
          <div role="group" aria-label="Move to" className="menu-group">
            <p aria-hidden="true">Move to</p>
            {lists.map((list) => (
              <button
                key={list.id}
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  menu.current?.hidePopover()
                  onMove(list.id)
                }}
              >
                {list.name}
              </button>
            ))}
          </div>
        )}
        {item('Delete', onRemove, 'danger')}
      </div>
    </>
  )
}

/** A popover is above everything, so it is placed by the window: below its button, or above it low on the page. */
function placeBeside(event: ToggleEvent<HTMLElement>, button: HTMLElement | null): void {
  if (event.newState !== 'open' || button === null) return
  const { top, bottom, right } = button.getBoundingClientRect()
  const isLow = bottom > window.innerHeight * 0.6
  const { style } = event.currentTarget
  style.right = `${window.innerWidth - right}px`
  style.top = isLow ? 'auto' : `${bottom + 4}px`
  style.bottom = isLow ? `${window.innerHeight - top + 4}px` : 'auto'
}

function focusFirst(event: ToggleEvent<HTMLElement>): void {
  if (event.newState === 'open') itemsOf(event.currentTarget)[0]?.focus()
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget)
  const current = items.findIndex((item) => item.matches(':focus'))
  const next = NEXT_ITEM[event.key]?.(current, items.length)
  if (next === undefined) return
  event.preventDefault()
  items[next]?.focus()
}

const NEXT_ITEM: Readonly<Record<string, (current: number, count: number) => number>> = {
  ArrowDown: (current, count) => (current + 1) % count,
  ArrowUp: (current, count) => (current - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role=menuitem]:enabled')]
}
