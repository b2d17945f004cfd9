import { type KeyboardEvent, type RefObject, type ToggleEvent, useId, useRef } from 'react'
import { DotsIcon } from '../icons.tsx'

export interface MenuItem {
  readonly key: string
  readonly label: string
  /** Left out where it can't be done right now. */
  readonly act: (() => void) | undefined
  readonly look?: 'danger'
}

export interface MenuSection {
  readonly heading?: string
  readonly items: readonly MenuItem[]
}

interface MenuProps {
  readonly label: string
  readonly sections: readonly MenuSection[]
  /** The button that opens it. */
  readonly button: RefObject<HTMLButtonElement | null>
}

/** A button with a menu behind it: arrow keys go through it, Escape and a press outside close it. */
export function Menu({ label, sections, button }: MenuProps) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const choose = (item: MenuItem) => {
    menu.current?.hidePopover()
    item.act?.()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button card-more"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={label}
      >
        <DotsIcon />
      </button>
      <div
        ref={menu}
        id={id}
        className="menu"
        role="menu"
        popover="auto"
        aria-label={label}
        onBeforeToggle={(event) => placeBeside(event, button.current)}
        onToggle={focusFirst}
        onKeyDown={moveFocus}
      >
        {sections.map(({ heading, items }) => (
          // biome-ignore lint/a11y/useSemanticElements: inside a menu a group is role="group"; a fieldset is for forms
          <div key={items[0]?.key} role="group" aria-label={heading} className="menu-group">
            {heading !== undefined && <p aria-hidden="true">{heading}</p>}
            {items.map((item) => (
              <button
                key={item.key}
                type="button"
                role="menuitem"
                tabIndex={-1}
                data-look={item.look}
                disabled={item.act === undefined}
                onClick={() => choose(item)}
              >
                {item.label}
              </button>
            ))}
          </div>
        ))}
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
