import { topic } from '@hotline/server'

export interface Todo {
  /** As a database's 64-bit key: JavaScript's numbers leave such ones out. */
  readonly id: bigint
  readonly title: string
  readonly addedBy: string
  readonly addedAt: Date
}

/** What the page shows. */
export interface TodoList {
  readonly todos: readonly Todo[]
  /** How many each person has added, ever. */
  readonly added: ReadonlyMap<string, number>
}

const FIRST_ID = 2n ** 53n + 1n

/** Everybody's list, in memory. */
export class Todos {
  static readonly max = 100
  /** Says that the list is another. */
  readonly changed = topic<void>()
  #nextId = FIRST_ID
  #list: TodoList = { todos: [], added: new Map() }

  /** As it is now; a later one is another object. */
  get list(): TodoList {
    return this.#list
  }

  get isFull(): boolean {
    return this.#list.todos.length >= Todos.max
  }

  add(title: string, addedBy: string): Todo {
    const { todos, added } = this.#list
    const todo = { id: this.#nextId++, title, addedBy, addedAt: new Date() }
    this.#change({ todos: [...todos, todo], added: new Map(added).set(addedBy, (added.get(addedBy) ?? 0) + 1) })
    return todo
  }

  /** What is gone already is left as it is. */
  finish(id: bigint): void {
    this.#change({ ...this.#list, todos: this.#list.todos.filter((todo) => todo.id !== id) })
  }

  #change(list: TodoList): void {
    this.#list = list
    this.changed.publish()
  }
}
