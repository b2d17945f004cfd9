/** Types of what the board holds. Both the server and the page speak in them. */

export interface Person {
  readonly id: string
  readonly name: string
}

export interface Task {
  readonly id: string
  readonly title: string
  readonly addedBy: Person
  /** Who ticked it off, or null while it is still to do. */
  readonly doneBy: Person | null
  /** In the order they came. */
  readonly files: readonly TaskFile[]
  /** The last event about it; null while a page shows a task that the server doesn't know yet. */
  readonly touched: Touch | null
  readonly isSending?: IsSending
}

export interface Touch {
  readonly event: number
  readonly by: Person
}

/** Set by a page on what it shows before the server has confirmed it. */
type IsSending = true

/** What is known of a file without its bytes. */
export interface TaskFile {
  readonly id: string
  readonly name: string
  /** The media type as the page named it that sent the file; "" where it knew none. Nothing to rely on. */
  readonly type: string
  /** In bytes. */
  readonly size: number
}

export interface List {
  readonly id: string
  readonly name: string
  /** In the order they are shown. */
  readonly tasks: readonly Task[]
}

export interface Message {
  readonly id: string
  readonly text: string
  readonly by: Person
  readonly at: Date
  readonly isSending?: IsSending
}

/** All lists, and the number of the last event that is in them: so one knows which changes they have. */
export interface BoardSnapshot {
  readonly last: number
  readonly lists: readonly List[]
}

/** The newest messages, oldest first, and the number of the last event that is in them. */
export interface ChatSnapshot {
  readonly last: number
  readonly messages: readonly Message[]
}

/** What every change answers: `event` is the number under which it was recorded. */
export interface Receipt {
  readonly event: number
}

/** How busy the server was in a second: 0 for idle, 1 for not a moment free. */
export interface Load {
  readonly at: Date
  readonly busy: number
}
