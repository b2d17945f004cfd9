import { describe, expect, it } from 'vitest'
import type { Message, Person } from '../../shared/model.ts'
import { groupMessages } from './group-messages.ts'

const stage: Person = { id: 'stage', name: 'Stage' }
const kitchen: Person = { id: 'kitchen', name: 'Kitchen' }

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
    expect(groupsOf(said(stage, '02T10:00'), said(stage, '02T10:01'), said(kitchen, '02T10:02'))).toEqual([
      'new day, Stage 2',
      'Kitchen 1',
    ])
  })

  it('stand apart after a pause of five minutes', () => {
    expect(groupsOf(said(stage, '02T10:00'), said(stage, '02T10:05'))).toEqual(['new day, Stage 1', 'Stage 1'])
  })

  it('stand apart where a day begins, and the day is named', () => {
    expect(groupsOf(said(stage, '02T23:59'), said(stage, '03T00:01'))).toEqual(['new day, Stage 1', 'new day, Stage 1'])
  })

  it('stand apart when someone goes by another name', () => {
    const renamed = { ...stage, name: 'Stage left' }
    expect(groupsOf(said(stage, '02T10:00'), said(renamed, '02T10:01'))).toEqual(['new day, Stage 1', 'Stage left 1'])
  })
})
