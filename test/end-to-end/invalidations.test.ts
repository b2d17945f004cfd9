import { setImmediate } from 'node:timers/promises'
import { hotline, type Infer, type Invalidation, invalidations } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../real-sockets/fixture/stage.ts'

const changes = invalidations<object>()
const root = hotline<object>()
const h = root.use(changes.middleware)
const api = root.router({
  tasks: {
    add: h.meta({ invalidates: ['tasks'] }).mutation(() => 'added'),
    fail: h.meta({ invalidates: ['tasks'] }).mutation(() => {
      throw new Error('not added')
    }),
  },
  invalidated: h.subscription(changes.handler),
})
interface Api extends Infer<typeof api> {}

let stage: Stage | undefined
afterEach(() => stage?.[Symbol.asyncDispose]())

async function until(is: () => boolean): Promise<void> {
  while (!is()) await setImmediate()
}

async function open(limits: { readonly graceMs?: number }) {
  stage = await openStage(api, { limits })
  const { api: client } = stage.invite<Api>({ isHasty: true })
  const heard: Invalidation[] = []
  const words: string[] = []
  const stream = await client.invalidated()
  stream.on({ next: (invalidation) => heard.push(invalidation), gap: () => words.push('gap') })
  return { client, heard, words, proxy: stage.proxy }
}

const TASKS = { paths: [{ path: 'tasks' }] }

describe('what mutations have invalidated', () => {
  it('reaches a client once for those that ended together, and not for those that failed', async () => {
    const { client, heard } = await open({})
    await Promise.allSettled([client.tasks.fail(), client.tasks.add(), client.tasks.add()])
    await until(() => heard.length === 1)
    await client.tasks.add()
    await until(() => heard.length === 2)
    expect(heard).toEqual([TASKS, TASKS])
  })

  it('reaches it after a cut, with nothing missing', async () => {
    const { client, heard, words, proxy } = await open({})
    proxy.cut()
    changes.invalidate({ paths: [{ path: 'files' }] })
    await client.tasks.add()
    await until(() => heard.length === 2)
    expect(heard).toEqual([{ paths: [{ path: 'files' }] }, TASKS])
    expect(words).toEqual([])
  })

  it("ends nobody's stream, whatever an input is", async () => {
    const { heard } = await open({})
    const odd: unknown[] = [() => 'a function', Symbol('id'), { id: new (class Id {})() }, { at: new Date(Number.NaN) }]
    const looped: unknown[] = []
    looped.push(looped)
    for (const input of [...odd, looped]) {
      changes.invalidate({ paths: [{ path: 'files', input }] })
      const { length } = heard
      await until(() => heard.length > length)
    }
    expect(new Set(heard.map(({ paths }) => JSON.stringify(paths)))).toEqual(new Set(['[{"path":"files"}]']))
  })

  it('is everything where the session was lost', async () => {
    const { client, heard, proxy } = await open({ graceMs: 0 })
    await client.tasks.add()
    await until(() => heard.length === 1)
    proxy.cut()
    await until(() => changes.size === 0)
    changes.invalidate({ paths: [{ path: 'missed' }] })
    await until(() => heard.length === 2)
    expect(heard).toEqual([TASKS, { all: true }])
  })
})
