/** Types of what the board holds and of what can happen to it. Both the server and the page speak in them. */

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
}

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
}

/**
 * One thing that happened. Small and flat on purpose: a row of the events table, an item of the stream and a change
 * that the page shows before the server has answered are all this type. `before: null` means "at the end of the list".
 */
export type Change =
  | { readonly type: 'list-added'; readonly list: string; readonly name: string }
  | { readonly type: 'list-renamed'; readonly list: string; readonly name: string }
  | { readonly type: 'task-added'; readonly task: string; readonly list: string; readonly title: string }
  | { readonly type: 'task-renamed'; readonly task: string; readonly title: string }
  | { readonly type: 'task-moved'; readonly task: string; readonly list: string; readonly before: string | null }
  | { readonly type: 'task-completed'; readonly task: string; readonly done: boolean }
  | { readonly type: 'task-removed'; readonly task: string }
  | { readonly type: 'file-added'; readonly task: string; readonly file: TaskFile }
  | { readonly type: 'file-removed'; readonly task: string; readonly file: string }
  | { readonly type: 'message-said'; readonly message: string; readonly text: string }

/** A change that a page shows before the server has answered. A file isn't: it has to stream up first. */
export type PromptChange = Exclude<Change, { readonly type: 'file-added' }>

/** A change together with who made it and when. */
export interface Signed {
  readonly change: Change
  readonly by: Person
  readonly at: Date
}

/** A change as the server recorded it: `id` is its number, and numbers only grow. */
export interface BoardEvent extends Signed {
  readonly id: number
}

/** All lists, and the number of the last event that is in them: what comes after it is still to be applied. */
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
