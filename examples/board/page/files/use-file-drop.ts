import { type DragEvent, useEffect, useState } from 'react'

/** Lets files from outside the page be dropped on an element. `isOver` while some are held above it. */
export function useFileDrop(onDrop: (files: Iterable<File>) => void) {
  const [isOver, setOver] = useState(false)
  const handlers = {
    onDragOver(event: DragEvent<HTMLElement>) {
      if (!holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    },
    onDragLeave(event: DragEvent<HTMLElement>) {
      // To go from the element to one inside it is a leave too.
      const { relatedTarget } = event
      if (!(relatedTarget instanceof Node && event.currentTarget.contains(relatedTarget))) setOver(false)
    },
    onDrop(event: DragEvent<HTMLElement>) {
      if (!holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      setOver(false)
      onDrop(event.dataTransfer.files)
    },
  }
  return { isOver, handlers }
}

/** A file that misses its task would take the page's place in the browser. */
export function useHarmlessFileDrops(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || event.dataTransfer === null || !holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'none'
    }
    for (const type of ['dragover', 'drop'] as const) document.addEventListener(type, refuse)
    return () => {
      for (const type of ['dragover', 'drop'] as const) document.removeEventListener(type, refuse)
    }
  }, [])
}

function holdsFiles(transfer: DataTransfer): boolean {
  return transfer.types.includes('Files')
}
