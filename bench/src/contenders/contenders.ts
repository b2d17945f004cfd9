import type { Contender } from '../contender.ts'

/** Loaded one by one, so that no process carries another contender's code. The first is what the others are measured by. */
export const CONTENDERS = {
  ws: () => import('./hand-written-ws.ts').then(({ handWrittenWs }) => handWrittenWs),
  hotline: () => import('./hotline.ts').then(({ hotlineContender }) => hotlineContender),
} as const satisfies Record<string, () => Promise<Contender>>

export type ContenderName = keyof typeof CONTENDERS

// `Object.keys` gives strings; these are the table's own.
export const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[]

export const YARDSTICK: ContenderName = 'ws'
