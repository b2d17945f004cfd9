import { describe, expect, it } from 'vitest'
import type { Message, Person } from '../../shared/model.ts'
import { groupMessages } from './group-messages.ts'

const ada: Person = { id: 'ada', name: 'Ada' }
const bo: Person = { id: 'bo', name: 'Bo' }

function said(by: Person, at: string): Message {
  return { id: `${by.id} ${at}`, text: 'x', by, at: new Date(`2026-11-${at}`) }
}

function groupsOf(...messages: Message[]) {
  return groupMessages(messages).map(
    ({ by, messages: { length }, day }) => `${day === undefined ? '' : 'new day, '}${by.name} ${length}`,
  )
}

describe('messages', () => {
  it('of one person in one go stand together', () => {
    expect(groupsOf(said(ada, '02T10:00'), said(ada, '02T10:01'), said(bo, '02T10:02'))).toEqual([
      'new day, Ada 2',
      'Bo 1',
    ])
  })

  it('stand apart after a pause of five minutes', () => {
    expect(groupsOf(said(ada, '02T10:00'), said(ada, '02T10:05'))).toEqual(['new day, Ada 1', 'Ada 1'])
  })

  it('stand apart where a day begins, and the day is named', () => {
    expect(groupsOf(said(ada, '02T23:59'), said(ada, '03T00:01'))).toEqual(['new day, Ada 1', 'new day, Ada 1'])
  })

  it('stand apart when someone goes by another name', () => {
    const renamed = { ...ada, name: 'Ada L.' }
    expect(groupsOf(said(ada, '02T10:00'), said(renamed, '02T10:01'))).toEqual(['new day, Ada 1', 'Ada L. 1'])
  })
})
