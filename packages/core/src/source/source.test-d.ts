import { EventEmitter } from 'node:events'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { hotline } from '../contract/hotline.ts'
import type { StreamItemOf } from '../contract/infer.ts'
import type { Position, Tracked } from '../contract/tracked.ts'
import type { Events } from './events.ts'
import { fromEvent } from './from-event.ts'
import { source } from './source.ts'
import { topic } from './topic.ts'

interface Todo {
  readonly title: string
}

const h = hotline<object>()
const emitter = new EventEmitter<{ changed: [todo: Todo, by: string] }>()

describe('the items of a loop', () => {
  it('have positions among them only where items may be dropped', () => {
    expectTypeOf(fromEvent<Todo>(emitter, 'changed', { whenFull: 'fail' })).toEqualTypeOf<Events<Todo>>()
    expectTypeOf(fromEvent<Todo>(emitter, 'changed', { whenFull: 'latest' })).toEqualTypeOf<Events<Todo | Position>>()
    expectTypeOf(source<Todo>(() => {}, { whenFull: 'block' })).toEqualTypeOf<Events<Todo>>()
    expectTypeOf(source<Todo>(() => {}, { whenFull: 'drop-oldest' })).toEqualTypeOf<Events<Todo | Position>>()
    expectTypeOf(topic<Todo>().subscribe({ whenFull: 'fail' })).toEqualTypeOf<Events<Todo | Tracked<Todo> | Position>>()
  })

  it('are unknown of an emitter, which has no type for them, unless they are said or made by "map"', () => {
    expectTypeOf(fromEvent(emitter, 'changed', { whenFull: 'fail' })).toEqualTypeOf<Events<unknown>>()
    const titles = fromEvent(emitter, 'changed', {
      whenFull: 'fail',
      map: (todo: Todo, by: string) => `${todo.title} ${by}`,
    })
    expectTypeOf(titles).toEqualTypeOf<Events<string>>()
    const details = fromEvent(new EventTarget(), 'changed', {
      whenFull: 'fail',
      map: (event: CustomEvent<Todo>) => event.detail,
    })
    expectTypeOf(details).toEqualTypeOf<Events<Todo>>()
  })
})

describe('what a client reads', () => {
  it('is the item itself', () => {
    const todos = topic<Todo>()
    const followed = h.subscription(() => todos.subscribe({ whenFull: 'drop-oldest' }))
    expectTypeOf<StreamItemOf<typeof followed>>().toEqualTypeOf<Todo>()
    const listened = h.subscription(() => fromEvent<Todo>(emitter, 'changed', { whenFull: 'latest' }))
    expectTypeOf<StreamItemOf<typeof listened>>().toEqualTypeOf<Todo>()
    const checked = h.output(z.object({ title: z.string() })).subscription(() => todos.subscribe({ whenFull: 'fail' }))
    expectTypeOf<StreamItemOf<typeof checked>>().toEqualTypeOf<{ title: string }>()
  })
})

describe('a policy', () => {
  it('must be said, and be one that the source can keep', () => {
    // @ts-expect-error no policy
    source<Todo>(() => {}, {})
    // @ts-expect-error an emitter can't wait
    fromEvent<Todo>(emitter, 'changed', { whenFull: 'block' })
    // @ts-expect-error whoever publishes waits for nobody
    topic<Todo>().subscribe({ whenFull: 'block' })
  })

  it('says whether push() gives something to wait for', () => {
    source<Todo>((push) => void expectTypeOf(push).returns.toEqualTypeOf<void | Promise<void>>(), { whenFull: 'block' })
    source<Todo>((push) => void expectTypeOf(push).returns.toEqualTypeOf<void>(), { whenFull: 'fail' })
  })
})
